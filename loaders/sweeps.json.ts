import {sweepIndex} from "./sweep-index.js";
import {writeJson} from "./write-output.js";

writeJson(await sweepIndex());
