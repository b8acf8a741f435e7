import {lawFormulas} from "./law-formulas.js";
import {writeJson} from "./write-output.js";

writeJson(lawFormulas());
