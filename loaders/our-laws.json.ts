import {allLawRows} from "./law-rows-table.js";
import {lawVerdicts} from "./law-verdicts.js";
import {ourFits} from "./our-laws.js";
import {writeJson} from "./write-output.js";

const rows = await allLawRows();
const fits = ourFits(rows);
writeJson({fits, verdicts: lawVerdicts(rows, fits)});
