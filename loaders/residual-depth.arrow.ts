import {residualDepthTable} from "./residual-depth-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await residualDepthTable());
