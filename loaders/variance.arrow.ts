import {writeDataset} from "./dataset.js";

await writeDataset("variance.arrow");
