/** A run of a table beside what a law says of it. */
export interface LawPoint {
  /** Place in the table, from 0. */
  readonly row: number;
  readonly label: string;
  /** Loss in nats per token. */
  readonly measured: number;
  /** Loss by the law; NaN where the form has no value. */
  readonly predicted: number;
  /** Loss by the fit before the last change, where there was one. */
  readonly before?: number;
  /** Left out of the fit. */
  readonly isDropped: boolean;
  /** Value along the horizontal axis of the residuals. */
  readonly along: number;
}

/** A point where it was drawn, in pixels. */
export interface PointPlace {
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

/** A chart of points that can be pointed at. */
export interface PointChart {
  readonly chart: SVGSVGElement;
  readonly places: readonly PointPlace[];
}

/** By how many percent the measured loss lies above the law. */
export const residualPercent = ({measured, predicted}: Pick<LawPoint, "measured" | "predicted">): number =>
  (measured / predicted - 1) * 100;

/** Points that figures draw at most: more would hide each other, and slow the page down. */
export const mostDrawn = 2000;

/**
 * The rows that figures draw: all of them, or of a large table as many as `mostDrawn`, evenly over it.
 * `always` are drawn in any case.
 */
export function drawnRows(rows: number, always: Iterable<number> = []): number[] {
  if (rows <= mostDrawn) return Array.from({length: rows}, (_, row) => row);
  const drawn = new Set<number>();
  for (let i = 0; i < mostDrawn; i++) drawn.add(Math.floor((i * rows) / mostDrawn));
  let extra = 0;
  for (const row of always) {
    if (extra++ === mostDrawn) break;
    drawn.add(row);
  }
  return [...drawn].sort((a, b) => a - b);
}
