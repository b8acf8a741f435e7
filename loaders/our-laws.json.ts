import {allLawRows} from "./law-rows-table.js";
import {ourFits} from "./our-laws.js";
import {writeJson} from "./write-output.js";

writeJson({fits: ourFits(await allLawRows())});
