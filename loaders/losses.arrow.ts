import {writeDataset} from "./dataset.js";

await writeDataset("losses.arrow");
