import {tensorCoreChecks} from "./tensor-core-checks-rows.js";
import {writeJson} from "./write-output.js";

writeJson(tensorCoreChecks());
