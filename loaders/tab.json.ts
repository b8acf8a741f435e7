import {writeDataset} from "./dataset.js";

await writeDataset("tab.json");
