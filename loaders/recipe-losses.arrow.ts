import {writeDataset} from "./dataset.js";

await writeDataset("recipe-losses.arrow");
