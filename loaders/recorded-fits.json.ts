import {lawTables} from "./law-tables.js";
import {recordedFits} from "./recorded-fits.js";
import {writeJson} from "./write-output.js";

writeJson(recordedFits(await lawTables()));
