import type {DriftRow, DriftView} from "./drift-row.js";
import {formatRange} from "./format-range.js";
import {percentage} from "./percentage.js";
import {powerLabel} from "./power-label.js";
import {noticeableShare} from "./underflowing-rows.js";

/** The spreads of one scheme's tensors at a step, and how many of them a cast would damage. */
export function driftSentence(
  rows: readonly DriftRow[],
  scheme: string,
  {recipe, tensor, step, format}: DriftView,
): string {
  const shown = rows.filter(
    (row) => row.scheme === scheme && row.recipe === recipe && row.tensor === tensor && row.step === step,
  );
  const spreads = shown.map(({spread}) => spread).filter((spread) => spread > 0);
  if (spreads.length === 0) return "";
  const [low, high] = [Math.min(...spreads), Math.max(...spreads)].map((spread) =>
    powerLabel(Math.log2(spread)),
  );
  const damaged = shown.filter((row) => row[`underflow_${format}`] > noticeableShare).length;
  return (
    `step ${step}: ${low} to ${high}, ${damaged || "none"} of ${shown.length} lose over ` +
    `${percentage(noticeableShare)} in ${formatRange(format).label}`
  );
}
