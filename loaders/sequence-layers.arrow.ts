import {writeDataset} from "./dataset.js";

await writeDataset("sequence-layers.arrow");
