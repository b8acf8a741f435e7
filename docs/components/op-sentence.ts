import {type OpPanel, type OpRow, spreadIn} from "./op-row.js";
import {powerLabel} from "./power-label.js";

/** What the ops show at one width, in one sentence. */
export function opSentence(rows: readonly OpRow[], width: number): string {
  const [plain, scaled] = (["plain", "scaled"] as const).map((panel) => extentOf(rows, width, panel));
  if (!plain || !scaled) return "The spread of what each op writes.";
  return (
    `At width ${width.toLocaleString("en")}, spreads lie between ${powerLabel(Math.log2(plain.low))} and ` +
    `${powerLabel(Math.log2(plain.high))} without constants, and between ${scaled.low.toFixed(2)} and ` +
    `${scaled.high.toFixed(2)} with those of unit scaling`
  );
}

/** Smallest and largest spread of a panel at a width; undefined where there are no ops. */
export function extentOf(
  rows: readonly OpRow[],
  width: number,
  panel: OpPanel,
): {low: number; high: number} | undefined {
  const spreads = rows.filter((row) => row.width === width).map((row) => spreadIn(row, panel).measured);
  return spreads.length === 0 ? undefined : {low: Math.min(...spreads), high: Math.max(...spreads)};
}
