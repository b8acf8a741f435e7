import {accumulatorWidthTable} from "./accumulator-width-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await accumulatorWidthTable());
