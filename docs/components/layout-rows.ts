import {lossOf, unrounded} from "./surface-law.js";
import {costText} from "./surface-sentences.js";
import {pointOfView, type SurfaceView} from "./surface-view.js";

/** What a law says of one way to share out the bits of a number. */
export interface LayoutRow {
  readonly layout: string;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly loss: number;
  /** What rounding adds to the loss. */
  readonly rise: number;
}

/** The whole layout nearest to a view's point. */
export const shownLayout = ({values}: SurfaceView) => ({
  exponentBits: Math.round(values.exponentBits ?? 0),
  mantissaBits: Math.round(values.mantissaBits ?? 0),
});

/** Every layout with as many bits as that of the view's point, from no exponent bits to no mantissa bits. */
export function layoutRows(view: SurfaceView): LayoutRow[] {
  const {exponentBits: e, mantissaBits: m} = shownLayout(view);
  return Array.from({length: e + m + 1}, (_, exponentBits) => {
    const mantissaBits = e + m - exponentBits;
    const point = pointOfView(view, {changes: {exponentBits, mantissaBits}});
    const loss = lossOf(view.surface, point);
    return {
      layout: `E${exponentBits}M${mantissaBits}`,
      ...{exponentBits, mantissaBits, loss},
      rise: loss - lossOf(view.surface, unrounded(point)),
    };
  });
}

/** The layout with the least loss. */
export const bestOf = (rows: readonly LayoutRow[]): LayoutRow =>
  rows.reduce((best, row) => (row.loss < best.loss ? row : best));

/** Which layout is best and what the shown one costs beside it. */
export function layoutSentence(rows: readonly LayoutRow[], view: SurfaceView): string {
  const best = bestOf(rows);
  const {exponentBits} = shownLayout(view);
  const shown = rows[exponentBits];
  const bits = rows.length; // one of them is the sign’s
  const start = `Of the ${rows.length} layouts of ${bits} ${bits === 1 ? "bit" : "bits"}, ${best.layout} has the least loss by ${view.surface.name}, ${best.loss.toFixed(3)}: rounding adds ${costText(best.rise)}.`;
  if (shown === best) return start;
  return `${start} With ${shown.layout} it adds ${costText(shown.rise)}, ${Number((shown.rise / best.rise).toPrecision(2))} times as much.`;
}
