import {residualRulesTable} from "./residual-rules-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await residualRulesTable());
