import {activationCastTable} from "./activation-cast-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await activationCastTable());
