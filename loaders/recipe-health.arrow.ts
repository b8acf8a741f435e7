import {writeDataset} from "./dataset.js";

await writeDataset("recipe-health.arrow");
