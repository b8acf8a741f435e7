import type {RaceRow} from "./race-row.js";
import {type RacerStyle, racerStyles} from "./racer-styles.js";

export type RaceMeasure = "bias" | "rms";

export interface RaceView {
  readonly data: string;
  readonly operands: string;
  readonly measure: RaceMeasure;
}

/** One racer's way through the lengths. */
export interface RaceCurve {
  readonly style: RacerStyle;
  readonly points: readonly RaceRow[];
  readonly last: RaceRow;
}

/** The curves of one race, from the narrowest accumulator to the exact one. */
export function raceCurves(
  rows: readonly RaceRow[],
  {data, operands}: Omit<RaceView, "measure">,
): RaceCurve[] {
  const shown = rows.filter((row) => row.data === data && row.operands === operands);
  return racerStyles.flatMap((style) => {
    const points = shown.filter(({racer}) => racer === style.racer).sort((a, b) => a.k - b.k);
    return points.length === 0 ? [] : [{style, points, last: points.at(-1)!}];
  });
}
