import {formatLabel} from "./format-label.js";
import {decibels, type NoiseRow} from "./noise-row.js";

/** What the cast of the paper, which never carries, costs at unit spread against one to nearest. */
export function carryClaim(rows: readonly NoiseRow[]): string {
  const costs = rows
    .filter(({rounding, log2_spread}) => rounding === "without-carry" && log2_spread === 0)
    .map((cut) => {
      const nearest = rows.find(
        ({format, rounding, log2_spread}) =>
          format === cut.format && rounding === "nearest-even" && log2_spread === 0,
      )!;
      return {
        ...{format: cut.format, ratio: Math.round(cut.ratio).toLocaleString("en")},
        cost: decibels(nearest) - decibels(cut),
      };
    })
    .filter(({cost}) => cost >= 0.05);
  const parts = costs.map(
    ({format, ratio, cost}) =>
      `${cost.toFixed(1)} dB to ${formatLabel(format)}, whose ratio is ${ratio} there`,
  );
  return parts.length === 0 ? "makes no difference that can be seen" : `costs ${parts.join(", and ")}`;
}
