import {writeDataset} from "./dataset.js";

await writeDataset("drift.arrow");
