import {opSpreadsTable} from "./op-spreads-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await opSpreadsTable());
