import {lawRowsTable} from "./law-rows-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await lawRowsTable());
