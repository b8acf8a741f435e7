import * as aq from "arquero";
import {type LawRow, lawRows, lawSweeps} from "./law-rows.js";
import {publishedSweep} from "./sweep-records.js";

/** The measured points of all sweeps over bits, one sweep after the other. */
export async function allLawRows(): Promise<LawRow[]> {
  const rows: LawRow[] = [];
  for (const sweep of lawSweeps) rows.push(...lawRows(sweep, await publishedSweep(sweep)));
  return rows;
}

/** The same with a column for each field of `LawRow`. */
export const lawRowsTable = async () => aq.from(await allLawRows());
