import {signalToNoiseTable} from "./signal-to-noise-table.js";
import {writeArrow} from "./write-output.js";

writeArrow(await signalToNoiseTable());
