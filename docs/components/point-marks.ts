import * as Plot from "npm:@observablehq/plot";
import type {LawPoint} from "./law-points.js";
import {lossText} from "./loss-text.js";
import type {Palette} from "./palette.js";

interface PlacedPoint {
  readonly point: LawPoint;
  readonly x: number;
  readonly y: number;
  /** Where the fit before the last change had it. */
  readonly before?: {readonly x: number; readonly y: number};
}

/** Pixels between two places of a point below which the fit before is not drawn. */
const leastMove = 1.5;

/**
 * Points in pixels: circles for what is fitted, crosses for what is dropped, a ring around the one that the keyboard is
 * at, and a grey line to where the fit before had it.
 */
export function pointMarks(
  places: readonly PlacedPoint[],
  {selected, palette}: {selected?: number; palette: Palette},
): Plot.Markish[] {
  const moved = places.filter(
    ({x, y, before}) => before && Math.hypot(x - before.x, y - before.y) > leastMove,
  );
  const kept = places.filter(({point}) => !point.isDropped);
  const dropped = places.filter(({point}) => point.isDropped);
  const isCrowded = places.length > 400;
  const xy = {x: ({x}: PlacedPoint) => x, y: ({y}: PlacedPoint) => y};
  return [
    Plot.link(moved, {
      x1: ({before}) => before!.x,
      y1: ({before}) => before!.y,
      x2: ({x}) => x,
      y2: ({y}) => y,
      ...{stroke: palette.muted, strokeOpacity: 0.5},
    }),
    Plot.dot(moved, {
      x: ({before}) => before!.x,
      y: ({before}) => before!.y,
      ...{r: 2.5, stroke: palette.muted, strokeOpacity: 0.6},
    }),
    Plot.dot(dropped, {...xy, symbol: "times", r: 3.5, stroke: palette.muted, strokeWidth: 1.5}),
    Plot.dot(kept, {
      ...xy,
      ...{r: isCrowded ? 2.5 : 3.5, fill: palette.forward, fillOpacity: isCrowded ? 0.45 : 0.65},
    }),
    Plot.dot(
      places.filter(({point}) => point.row === selected),
      {...xy, r: 8, stroke: palette.backward, strokeWidth: 2},
    ),
    Plot.tip(
      places,
      Plot.pointer({
        ...{...xy, maxRadius: 16, fontSize: 12, lineHeight: 1.3, lineWidth: 34},
        title: ({point}: PlacedPoint) => pointTitle(point),
        ...{fill: palette.background, stroke: palette.rule, pointerEvents: "none"},
      }),
    ),
  ];
}

/** A point in two lines: which run it is, and how far the law is from it. */
function pointTitle({label, measured, predicted, isDropped}: LawPoint): string {
  const miss = (measured / predicted - 1) * 100;
  const sign = miss < 0 ? "below" : "above";
  const distance = Number.isFinite(miss)
    ? `, ${Math.abs(miss).toFixed(2)} % ${sign} the law's ${lossText(predicted)}`
    : "";
  return `${label}\nloss ${lossText(measured)}${distance}${isDropped ? "\ndropped; click to restore" : ""}`;
}
