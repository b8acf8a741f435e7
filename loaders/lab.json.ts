import {writeDataset} from "./dataset.js";

await writeDataset("lab.json");
