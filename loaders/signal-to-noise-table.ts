import * as aq from "arquero";
import {powerOfTwo} from "../src/formats/power-of-two.js";
import type {RoundingMode} from "../src/formats/rounding.js";
import {type Address, createKernels} from "../src/kernels/kernels.js";
import {quantize, quantizer} from "../src/precision/quantizer.js";
import {castWithoutCarry, type NotebookFormat, notebookFormats} from "./cast-without-carry.js";

/** In the order in which tables list them. */
const formats = [
  ...["fp16", "bf16", "e5m2", "e5m2fnuz", "e4m3fn", "e4m3fnuz", "e3m4", "int8", "dynamic8"],
  ...["e3m2", "e2m3", "e2m1", "nf4", "int4"],
];
/** Powers of two of the smallest and largest spread, and the steps from one power to the next. */
const spreads = {first: -30, last: 20, perPower: 2};

/** Normal numbers that each ratio is measured on: the same for all. */
const samples = 1 << 15;
const seed = 1;

/** Casts `samples` numbers from one address to another. */
type Cast = (from: Address, to: Address) => void;

/**
 * Signal-to-noise ratio of a cast of normal numbers against their spread, as in figure 2 of the unit scaling paper (arXiv
 * 2303.11257): mean(x²) / mean((cast(x) − x)²). Magnitudes beyond the largest value become the largest value.
 *
 * One row for each format, rounding and spread: format, rounding, log2_spread, ratio. For `stochastic` rounding the error
 * is its expectation over all random bits. The rounding `without-carry` is the paper's own, for the formats that it has.
 */
export async function signalToNoiseTable() {
  const kernels = await createKernels();
  const [unit, x, below, above] = Array.from({length: 4}, () => kernels.allocate(4 * samples));
  kernels.randomNormal(unit, samples, 0, 1, seed, 0, 0);
  const cast = (format: string, rounding: RoundingMode): Cast => {
    const target = quantizer(format, {rounding, policy: "ocp-saturate"});
    return (from, to) => quantize(kernels, target, from, to, samples);
  };
  const curve = (format: string, rounding: string, toBelow: Cast, toAbove = toBelow) =>
    Array.from({length: (spreads.last - spreads.first) * spreads.perPower + 1}, (_, i) => {
      kernels.scale(unit, spreadAt(i), x, samples);
      toBelow(x, below);
      if (toAbove !== toBelow) toAbove(x, above);
      const [numbers, ...ends] = [x, below, toAbove === toBelow ? below : above].map((address) =>
        kernels.float32(address, samples),
      );
      const log2_spread = spreads.first + i / spreads.perPower;
      return {format, rounding, log2_spread, ratio: signalToNoise(numbers, ends[0], ends[1])};
    });
  const withoutCarry = (format: NotebookFormat): Cast => {
    return (from, to) => {
      const numbers = kernels.float32(from, samples);
      kernels.float32(to, samples).set(numbers.map((value) => castWithoutCarry(value, format)));
    };
  };
  return aq.from([
    ...formats.flatMap((format) => curve(format, "nearest-even", cast(format, "nearest-even"))),
    ...formats.flatMap((format) => curve(format, "stochastic", cast(format, "zero"), cast(format, "away"))),
    ...Object.entries(notebookFormats).flatMap(([name, format]) =>
      curve(name, "without-carry", withoutCarry(format)),
    ),
  ]);
}

/** 2^(first + i / perPower). */
const spreadAt = (i: number): number =>
  powerOfTwo(spreads.first + Math.floor(i / spreads.perPower)) *
  (i % spreads.perPower === 0 ? 1 : Math.SQRT2);

/**
 * mean(x²) over the mean squared error of numbers that become one of two neighbours, in proportion to how near they are:
 * δ(1 − δ) of the squared gap is (above − x)(x − below). Where both are the same number, there is no choice.
 */
function signalToNoise(x: Float32Array, below: Float32Array, above: Float32Array): number {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < x.length; i++) {
    signal += x[i] * x[i];
    noise += (above[i] === below[i] ? x[i] - below[i] : above[i] - x[i]) * (x[i] - below[i]);
  }
  return signal / noise;
}
