import {writeDataset} from "./dataset.js";

await writeDataset("transfer.arrow");
