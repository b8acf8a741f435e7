import {parseArgs} from "node:util";
import {publishedSweep} from "../sweep-records.js";
import {sweepTable} from "../sweep-table.js";
import {writeArrow} from "../write-output.js";

const {values} = parseArgs({options: {sweep: {type: "string"}}});

writeArrow(sweepTable(await publishedSweep(values.sweep!)));
