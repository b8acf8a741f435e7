import {writeDataset} from "./dataset.js";

await writeDataset("activation-underflow.arrow");
