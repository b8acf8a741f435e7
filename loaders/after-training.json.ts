import {publishedRecords} from "../src/sweeps/published.js";
import {afterTrainingRows} from "./after-training-rows.js";
import {writeJson} from "./write-output.js";

const rows = [];
for await (const record of publishedRecords("post-training")) rows.push(...afterTrainingRows([record]));
writeJson(rows);
