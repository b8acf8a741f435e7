import {randomBitsTable} from "./random-bits-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await randomBitsTable());
