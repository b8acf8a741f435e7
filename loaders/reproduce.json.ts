import {writeDataset} from "./dataset.js";

await writeDataset("reproduce.json");
