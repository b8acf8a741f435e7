import {briefFit} from "./brief-fit.js";
import {allLawRows} from "./law-rows-table.js";
import {lawVerdicts} from "./law-verdicts.js";
import {ourFits} from "./our-laws.js";
import {writeJson} from "./write-output.js";

const rows = await allLawRows();
const fits = ourFits(rows);

/** Seven digits say more than the runs do, and take half the room. */
const short = JSON.stringify({fits: fits.map(briefFit), verdicts: lawVerdicts(rows, fits)}, (_, value) =>
  typeof value === "number" ? Number(value.toPrecision(7)) : value,
);
writeJson(JSON.parse(short));
