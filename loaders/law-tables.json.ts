import {lawTables} from "./law-tables.js";
import {writeJson} from "./write-output.js";

writeJson(await lawTables());
