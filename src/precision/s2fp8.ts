import type {Address, Kernels} from "../kernels/kernels.js";
import {type CastPlace, type Quantizer, quantizeScaled} from "./quantizer.js";

/**
 * The map of S2FP8, "shifted and squeezed" (arXiv 2001.05674): |y| = 2^(exponent · (log₂ |x| − shift)), in the paper's
 * letters α = exponent and β = −exponent · shift. log₂ |y| then has the mean 0 and the maximum 15, that of E5M2.
 */
export interface PowerMap {
  readonly exponent: number;
  readonly shift: number;
}

/** ⌊log₂⌋ of the largest E5M2 value. */
const largestExponent = 15;

/** Below this distance of maximum and mean all magnitudes count as equal. */
const equalMagnitudes = 1e-9;

/**
 * The map for data whose log₂ |x|, zeros, infinities and NaN left out, has this mean and maximum. Where all magnitudes
 * are equal nothing needs to be stretched: the exponent is 1, and they become 1. Without any, the map changes nothing.
 */
export function powerMap({count, sum, largest}: LogarithmSums): PowerMap {
  if (count === 0) return {exponent: 1, shift: 0};
  const mean = sum / count;
  const distance = largest - mean;
  return {exponent: distance < equalMagnitudes ? 1 : largestExponent / distance, shift: mean};
}

/** Sums over data that are seen part by part. */
export interface LogarithmSums {
  readonly count: number;
  readonly sum: number;
  readonly largest: number;
}

export const noLogarithms: LogarithmSums = {count: 0, sum: 0, largest: Number.NEGATIVE_INFINITY};

/** `sums` with `count` more floats, at `input`, added one by one in double precision. */
export function addLogarithms(
  kernels: Kernels,
  sums: LogarithmSums,
  input: Address,
  count: number,
): LogarithmSums {
  const words = new Float64Array(kernels.memory.buffer, kernels.blockScratch(), 3);
  words.set([sums.count, sums.sum, sums.largest]);
  kernels.logarithmStatistics(input, count, words.byteOffset);
  return {count: words[0], sum: words[1], largest: words[2]};
}

/** The map for `count` floats at `input`. */
export const findPowerMap = (kernels: Kernels, input: Address, count: number): PowerMap =>
  powerMap(addLogarithms(kernels, noLogarithms, input, count));

/**
 * Casts `count` floats at `input` to `output`, which may be the same address, by way of the map: both ways computed in
 * double precision and rounded once to float32, with the cast of `element` between them.
 */
export function quantizeS2fp8(
  kernels: Kernels,
  element: Quantizer,
  {exponent, shift}: PowerMap,
  input: Address,
  output: Address,
  count: number,
  place: CastPlace = {},
): void {
  kernels.s2fp8Encode(input, output, count, exponent, shift);
  quantizeScaled(kernels, element, output, output, count, 1, place);
  kernels.s2fp8Decode(output, output, count, exponent, shift);
}
