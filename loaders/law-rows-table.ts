import * as aq from "arquero";
import {type LawRow, lawRows, lawSweeps} from "./law-rows.js";
import {publishedSweep} from "./sweep-records.js";

/** The measured points of all sweeps over bits, one after the other, with a column for each field of `LawRow`. */
export async function lawRowsTable() {
  const rows: LawRow[] = [];
  for (const sweep of lawSweeps) rows.push(...lawRows(sweep, await publishedSweep(sweep)));
  return aq.from(rows);
}
