import {errorText} from "./error-text.js";
import {dataTitle} from "./race-sentence.js";
import type {WidthRow} from "./width-row.js";

/** Bits that Hopper and Ada keep of 8-bit products, and the interval of cuBLASLt. */
export const hopperWidth = 13;
export const libraryInterval = 128;

/** The row of a width and an interval. */
export const widthRow = (
  rows: readonly WidthRow[],
  fractionBits: number,
  promotion: number,
): WidthRow | undefined =>
  rows.find((row) => row.fraction_bits === fractionBits && row.promotion === promotion);

/** What the widths show of one kind of numbers, in words. */
export function widthSentence(rows: readonly WidthRow[], data: string): string {
  const shown = rows.filter((row) => row.data === data);
  const {k} = shown[0];
  const chain = widthRow(shown, hopperWidth, k)!;
  const promoted = widthRow(shown, hopperWidth, libraryInterval)!;
  const least = chainWidth(shown, promoted.rms);
  return (
    `Root mean square error of sums of ${k.toLocaleString("en")} products of ${dataTitle(data)}: with ${hopperWidth} bits ` +
    `${errorText(chain.rms)} in one chain and ${errorText(promoted.rms)} with promotion every ${libraryInterval} products.` +
    (least === undefined ? "" : ` One chain needs ${least} bits to do as well.`)
  );
}

/** What bits and intervals buy, as far as the widths bear it out. */
export function widthClaim(rows: readonly WidthRow[]): string {
  const shown = rows.filter(({data}) => data === "non-negative");
  const promoted = widthRow(shown, hopperWidth, libraryInterval)!;
  const twice = widthRow(shown, hopperWidth + 1, 2 * libraryInterval)!;
  const least = chainWidth(shown, promoted.rms);
  const exchange =
    Math.abs(twice.rms / promoted.rms - 1) < 0.35
      ? "Follow the diagonals of figure 3: one bit more is worth an interval twice as long."
      : "";
  const chain =
    least === undefined
      ? "No width shown makes one chain as good."
      : `To do as well in one chain, the unit would have to keep ${least}.`;
  return (
    `Promoted every ${libraryInterval} products, the H100’s ${hopperWidth} bits leave an error of ${errorText(promoted.rms)} after ` +
    `${promoted.k.toLocaleString("en")} non-negative products. ${chain} ${exchange}`
  );
}

/** The fewest bits with which one chain is no worse than an error; undefined if no width is. */
export function chainWidth(rows: readonly WidthRow[], error: number): number | undefined {
  const widths = rows.filter((row) => row.promotion === row.k && row.rms <= error);
  return widths.length === 0 ? undefined : Math.min(...widths.map((row) => row.fraction_bits));
}
