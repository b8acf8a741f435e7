import {writeDataset} from "./dataset.js";

await writeDataset("runs.json");
