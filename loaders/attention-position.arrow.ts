import {attentionPositionTable} from "./attention-position-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await attentionPositionTable());
