import type {LabRun} from "./lab-bench.js";

export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

/** Points of a curve at most; of more steps, several make one. */
const mostPoints = 400;

/**
 * The training loss of a run as a curve: the loss itself, and its mean over the last thirtieth of all steps, which shows
 * where it goes.
 */
export function lossCurve({losses, settings: {steps}}: Pick<LabRun, "losses" | "settings">): {
  raw: CurvePoint[];
  smooth: CurvePoint[];
} {
  const window = Math.max(1, Math.round(steps / 30));
  const stride = Math.max(1, Math.ceil(steps / mostPoints));
  const raw: CurvePoint[] = [];
  const smooth: CurvePoint[] = [];
  let sum = 0;
  for (let i = 0; i < losses.length; i++) {
    sum += losses[i] - (i >= window ? losses[i - window] : 0);
    if ((i + 1) % stride !== 0 && i + 1 !== losses.length) continue;
    raw.push({step: i + 1, loss: losses[i]});
    smooth.push({step: i + 1, loss: sum / Math.min(i + 1, window)});
  }
  return {raw, smooth};
}
