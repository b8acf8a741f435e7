import {constantsOf, inputsOf, type Law} from "../../src/laws/law.js";
import {normal, uniforms} from "../../src/laws/random.js";
import type {RunTable} from "../../src/laws/run-table.js";
import type {Point} from "../../src/laws/variables.js";

export interface Noise {
  /** Standard deviation of ln(loss). */
  readonly spread: number;
  /** This part of the runs has a loss that is too large by up to `outlierSize` in ln(loss). */
  readonly outliers?: number;
  readonly outlierSize?: number;
  readonly seed: number;
}

/** Runs at these points with the law's losses, noise and outliers. */
export function syntheticTable(
  law: Law,
  values: Readonly<Record<string, number>>,
  points: readonly Point[],
  {spread, outliers = 0, outlierSize = 0.3, seed}: Noise,
): RunTable {
  const constants = constantsOf(law, values);
  const uniform = uniforms(seed, "noise");
  const loss = Float64Array.from(points, (point, i) => {
    const outlier = uniform(1, i) < outliers ? outlierSize * uniform(2, i) : 0;
    return law.evaluate(constants, inputsOf(law, point)) * Math.exp(spread * normal(uniform, 0, i) + outlier);
  });
  const inputs = points.map((point) => inputsOf(law, point));
  const columns = law.variables.map((name, k) => [name, Float64Array.from(inputs, (row) => row[k])]);
  return {rows: points.length, columns: {...Object.fromEntries(columns), loss}};
}

/** All combinations of values. */
export function grid(axes: Readonly<Record<string, readonly number[]>>): Point[] {
  let points: Record<string, number>[] = [{}];
  for (const [name, values] of Object.entries(axes))
    points = points.flatMap((point) => values.map((value) => ({...point, [name]: value})));
  return points as Point[];
}

const parameters = [30e6, 60e6, 110e6, 220e6];

/** Designs like those of the papers. */
export const designs = {
  chinchilla: grid({
    parameters: [5e7, 1.5e8, 4e8, 1e9, 3e9, 1e10],
    tokens: [1e9, 3e9, 1e10, 3e10, 1e11, 3e11],
  }),
  // Kumar et al.: one operand at a time, and all three together
  precision: [
    ...grid({parameters, tokens: [1.5e9, 3e9, 6e9, 13e9, 26e9]}),
    ...grid({parameters, tokens: [1.5e9, 6e9, 26e9], weightBits: [3, 4, 5, 6, 8, 12]}),
    ...grid({parameters, tokens: [1.5e9, 6e9, 26e9], activationBits: [4, 5, 6, 8, 12]}),
    ...grid({parameters, tokens: [1.5e9, 6e9, 26e9], cacheBits: [3, 4, 5, 6, 8]}),
    ...[4, 6, 8].flatMap((bits) =>
      grid({
        parameters,
        tokens: [1.5e9, 26e9],
        weightBits: [bits],
        activationBits: [bits],
        cacheBits: [bits],
      }),
    ),
  ],
  // Sun et al.: formats with one scale for each channel, and E1M1 in blocks
  "floating-point": [
    [1, 1],
    [1, 2],
    [2, 1],
    [1, 3],
    [3, 1],
    [2, 3],
    [3, 2],
    [4, 3],
    [5, 2],
  ].flatMap(([e, m]) =>
    grid({
      parameters: [40_894_464, 84_934_656, 154_140_672, 679_477_248],
      tokens: [10_485_760_000, 20_971_520_000, 52_428_800_000, 104_857_600_000],
      exponentBits: [e],
      mantissaBits: [m],
      blockSize: e === 1 && m === 1 ? [32, 128, 512] : [2 ** 13.1567],
    }),
  ),
} as const;
