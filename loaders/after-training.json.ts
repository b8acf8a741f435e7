import {afterTrainingRows} from "./after-training-rows.js";
import {publishedSweep} from "./sweep-records.js";
import {writeJson} from "./write-output.js";

writeJson(afterTrainingRows(await publishedSweep("post-training")));
