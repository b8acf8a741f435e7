import {writeDataset} from "./dataset.js";

await writeDataset("recipe-runs.json");
