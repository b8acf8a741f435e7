import {accumulatorRaceTable} from "./accumulator-race-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await accumulatorRaceTable());
