import {branchDepthTable} from "./branch-depth-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await branchDepthTable());
