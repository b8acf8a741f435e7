import {listed} from "../src/laws/listed.js";
import {type OpRow, spreadIn} from "./op-row.js";
import {extentOf} from "./op-sentence.js";
import {powerLabel} from "./power-label.js";

/** What the ops write at a width, without constants and with them. */
export function opClaim(rows: readonly OpRow[], width: number): string {
  const [plain, scaled] = (["plain", "scaled"] as const).map((panel) => extentOf(rows, width, panel));
  if (!plain || !scaled) return "";
  return (
    `At a width of ${width.toLocaleString("en")}, what comes out lies between ${powerLabel(Math.log2(plain.low))} and ` +
    `${powerLabel(Math.log2(plain.high))} without constants, and between ${scaled.low.toFixed(2)} and ` +
    `${scaled.high.toFixed(2)} with them.`
  );
}

/** Ops whose measured spread is furthest from theory, with the measured one: those that theory only approximates. */
export function approximatedOps(rows: readonly OpRow[], width: number, tolerance = 0.1): readonly OpRow[] {
  const distance = ({scaled, scaled_theory}: OpRow) => Math.abs(Math.log2(scaled / scaled_theory));
  return rows
    .filter((row) => row.width === width && distance(row) > Math.log2(1 + tolerance))
    .sort((a, b) => distance(b) - distance(a));
}

/** The ops that theory only approximates, in words. */
export function approximationClaim(rows: readonly OpRow[], width: number): string {
  const ops = approximatedOps(rows, width);
  if (ops.length === 0) return "Theory and measurement agree within 10% everywhere.";
  const names = ops.map(({op, pass, scaled}) => `${scaled.toFixed(2)} for the ${pass} of ${op}`);
  return `Measured and predicted spreads differ by more than 10% in ${ops.length} of ${rows.filter((row) => row.width === width).length} cases: ${listed(names)}, where theory says 1.`;
}

/** By which factor the spreads of one op differ between the widths, at most, without constants and with them. */
export function widthClaim(rows: readonly OpRow[]): string {
  const series = new Map<string, OpRow[]>();
  for (const row of rows) {
    const key = `${row.op} ${row.pass}`;
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  const most = (panel: "plain" | "scaled") =>
    Math.max(
      ...[...series.values()].map((ofOp) => {
        const spreads = ofOp.map((row) => spreadIn(row, panel).measured);
        return Math.max(...spreads) / Math.min(...spreads);
      }),
    );
  if (rows.length === 0) return "";
  const widths = rows.map(({width}) => width);
  return (
    `From width ${Math.min(...widths)} to ${Math.max(...widths).toLocaleString("en")}, the spread of one and the same ` +
    `op differs by up to a factor of ${Math.round(most("plain"))} without constants, and by up to ${most("scaled").toFixed(1)} with them.`
  );
}
