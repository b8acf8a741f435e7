import type {Column} from "./column.js";
import {axisOf} from "./fitted-points.js";
import {type LawPoint, residualPercent} from "./law-points.js";
import type {LawsDesk} from "./laws-desk.js";
import {lossText} from "./loss-text.js";

/** The row that the keyboard is at, if the reader has chosen one. */
export function selectedRow(desk: LawsDesk): number | undefined {
  const place = Number(desk.state.get().point);
  return place >= 1 && place <= desk.table().runs.rows ? place - 1 : undefined;
}

/** What stands where a chart will be. */
export function missingFit(desk: LawsDesk): string {
  const status = desk.status();
  if (status.kind === "fitting") return "The law is being fitted.";
  if (status.kind === "failed") return status.message;
  return "Not fitted yet: press “Fit”.";
}

export function pointColumns(desk: LawsDesk): Column<LawPoint>[] {
  const percent = (value: number) => value.toFixed(3);
  return [
    {name: "row", value: ({row}) => row + 1},
    {name: "run", value: ({label}) => label},
    {name: axisOf(desk.state.get().along).title, value: ({along}) => (Number.isFinite(along) ? along : null)},
    {name: "measured loss", value: ({measured}) => measured, format: lossText},
    {name: "predicted loss", value: ({predicted}) => predicted, format: lossText},
    {name: "measured above the law, %", value: residualPercent, format: percent},
    {name: "fitted", value: ({isDropped}) => (isDropped ? "dropped" : "yes")},
  ];
}
