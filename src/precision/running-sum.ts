import {type CastRules, caster} from "../formats/cast.js";
import type {Format} from "../formats/format.js";
import {presets} from "../formats/preset.js";
import type {Kernels} from "../kernels/kernels.js";

export type StochasticForm = "a" | "b" | "c";

/** What is added up, and how the sum is rounded. */
export interface SumSettings {
  readonly format: Format;
  /** `random`: uniform between 0 and 1; or the number that is added every time. */
  readonly add: "random" | number;
  readonly count: number;
  /** Form of stochastic rounding, and its random bits from 1 to 32. */
  readonly form: StochasticForm;
  readonly bits: number;
  readonly seed: number;
}

/** The sum after every addition: exact, rounded to the nearest, and of several runs of stochastic rounding. */
export interface SumRuns {
  readonly exact: Float64Array;
  readonly nearest: Float64Array;
  readonly stochastic: readonly Float64Array[];
  /** Mean of the stochastic runs. */
  readonly mean: Float64Array;
}

/** Runs of stochastic rounding, each with random bits of its own. */
export const sumRunCount = 8;

/** Computes all sums. The numbers that are added are stream 0 of the seed, the bits of the runs streams 1 to 8. */
export function sumRuns(kernels: Kernels, settings: SumSettings): SumRuns {
  const {format, count, form, bits, seed} = settings;
  const steps = stepsOf(kernels, settings);
  const stochastic = Array.from({length: sumRunCount}, (_, run) => {
    const words = roundingWords(kernels, {count, seed, stream: run + 1});
    return runningSum(steps, {format, rounding: `stochastic-${form}`, bits, words});
  });
  return {
    exact: exactSum(steps),
    nearest: runningSum(steps, {format, rounding: "nearest-even"}),
    stochastic,
    mean: Float64Array.from(steps, (_, i) => stochastic.reduce((sum, run) => sum + run[i], 0) / sumRunCount),
  };
}

export interface RunningSumOptions extends Pick<CastRules, "rounding" | "bits"> {
  readonly format: Format;
  /** A random word for each addition, for stochastic modes. */
  readonly words?: Uint32Array;
}

/**
 * The sum after every addition when each one is rounded to the format, once, from the exact sum. Sums that are too large
 * become the largest value.
 */
export function runningSum(
  steps: ArrayLike<number>,
  {format, rounding, bits, words}: RunningSumOptions,
): Float64Array {
  const cast = caster(format, {rounding, bits, policy: presets["ocp-saturate"].policy});
  const sums = new Float64Array(steps.length);
  let sum = 0;
  for (let i = 0; i < steps.length; i++) {
    sum = cast(sum + steps[i], {random: words?.[i]});
    sums[i] = sum;
  }
  return sums;
}

/** The sum after every addition in double precision: exact for 2^28 of the numbers that `sumRuns` adds at random. */
export function exactSum(steps: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(steps.length);
  let sum = 0;
  for (let i = 0; i < steps.length; i++) {
    sum += steps[i];
    sums[i] = sum;
  }
  return sums;
}

/** After how many additions a sum stops to change; null if it still does in the last twentieth of them. */
export function stallsAfter(sums: Float64Array): number | null {
  const last = sums[sums.length - 1];
  let first = sums.length - 1;
  while (first > 0 && sums[first - 1] === last) first--;
  return sums.length - 1 - first > sums.length / 20 ? first + 1 : null;
}

/** The numbers to add, as float32, so that their sums are exact in double precision. */
function stepsOf(kernels: Kernels, {add, count, seed}: SumSettings): Float32Array {
  if (add !== "random") return new Float32Array(count).fill(add);
  const mark = kernels.mark();
  const address = kernels.allocate(4 * count);
  kernels.randomUniform(address, count, 0, 1, seed, 0, 0);
  const steps = kernels.float32(address, count).slice();
  kernels.release(mark);
  return steps;
}

function roundingWords(
  kernels: Kernels,
  {count, seed, stream}: {count: number; seed: number; stream: number},
): Uint32Array {
  const mark = kernels.mark();
  const address = kernels.allocate(4 * count);
  kernels.fillRoundingBits(address, count, seed, stream, 0, 0);
  const words = new Uint32Array(kernels.memory.buffer as ArrayBuffer, address, count).slice();
  kernels.release(mark);
  return words;
}
