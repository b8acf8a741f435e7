import {formatProperties} from "../src/formats/derived.js";
import {parseFormat} from "../src/formats/parse.js";
import {powerOfTwo} from "../src/formats/power-of-two.js";
import type {Kernels} from "../src/kernels/kernels.js";
import {scaleRules} from "../src/precision/scaling.js";
import {blockCast} from "./block-cast.js";
import {binadeSteps} from "./block-choices.js";
import {decibels} from "./block-losses.js";
import type {Matrix} from "./matrix-data.js";

/** What one rule does with the block when its maximum is at a place of the binade. */
export interface RuleRow {
  readonly rule: string;
  /** Position of the maximum, 0 to 63. */
  readonly position: number;
  readonly maximum: number;
  readonly scale: number;
  /** What the maximum becomes. */
  readonly becomes: number;
  readonly isSaturated: boolean;
  readonly ratio: number;
}

const blockSize = 32;
const place = {seed: 7, stream: 2, step: 0} as const;

/** Thirty-two normal values whose largest magnitude, the first one, is 1. */
export function unitBlock(kernels: Kernels): Float32Array {
  const mark = kernels.mark();
  const address = kernels.allocate(4 * blockSize);
  kernels.randomNormal(address, blockSize, 0, 1, place.seed, place.stream, place.step);
  const values = kernels.float32(address, blockSize).slice();
  kernels.release(mark);
  const largest = Math.max(...values.map(Math.abs));
  const at = values.findIndex((value) => Math.abs(value) === largest);
  [values[0], values[at]] = [largest, values[0]];
  return values.map((value) => value / largest);
}

/** The largest magnitude at a position of the binade that the element format's largest value lies in. */
export function maximumAt(element: string, position: number): number {
  const {maximumExponent} = formatProperties(parseFormat(element));
  return powerOfTwo(maximumExponent) * (1 + position / binadeSteps);
}

/** Every E8M0 rule on the block while its maximum crosses the binade in which OCP's rule takes the scale 1. */
export function ruleRows(block: Float32Array, element: string): RuleRow[] {
  const {largest} = formatProperties(parseFormat(element));
  return Array.from({length: binadeSteps}, (_, position) => {
    const maximum = maximumAt(element, position);
    const matrix: Matrix = {rows: 1, columns: blockSize, values: block.map((value) => value * maximum)};
    return scaleRules.e8m0.map((rule) => {
      const {values, scales} = blockCast(matrix, element, `mx,${rule}`);
      let [signal, noise] = [0, 0];
      for (const [i, x] of matrix.values.entries()) {
        signal += x * x;
        noise += (x - values[i]) * (x - values[i]);
      }
      return {
        rule,
        position,
        maximum,
        scale: scales[0].stored,
        becomes: values[0],
        isSaturated: maximum > largest * scales[0].stored,
        ratio: decibels(signal, noise),
      };
    });
  }).flat();
}
