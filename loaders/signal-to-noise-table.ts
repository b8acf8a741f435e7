import * as aq from "arquero";
import {powerOfTwo} from "../src/formats/power-of-two.js";
import {type Address, createKernels, type Kernels} from "../src/kernels/kernels.js";
import {type Quantizer, quantize, quantizer} from "../src/precision/quantizer.js";

/** Formats in the order in which tables list them. */
export const comparedFormats = ["fp16", "bf16", "e5m2", "e4m3fn"] as const;

export const comparedRoundings = ["nearest-even"] as const;

/** Powers of two of the smallest and largest spread, and the points between two powers. */
export const spreads = {first: -30, last: 20, perPower: 4};

/** Normal numbers that each ratio is measured on: the same for all. */
const samples = 1 << 16;
const seed = 1;

/**
 * Signal-to-noise ratio of a cast of normal numbers against their spread, as in figure 2 of the unit scaling paper (arXiv
 * 2303.11257): mean(x²) / mean((cast(x) − x)²). Magnitudes beyond the largest value become the largest value.
 *
 * One row for each format, rounding and spread: format, rounding, log2_spread, ratio.
 */
export async function signalToNoiseTable() {
  const kernels = await createKernels();
  const data = {
    unit: kernels.allocate(4 * samples),
    scaled: kernels.allocate(4 * samples),
    cast: kernels.allocate(4 * samples),
  };
  kernels.randomNormal(data.unit, samples, 0, 1, seed, 0, 0);
  const count = (spreads.last - spreads.first) * spreads.perPower + 1;
  const rows = comparedRoundings.flatMap((rounding) =>
    comparedFormats.flatMap((format) => {
      const target = quantizer(format, {rounding, policy: "ocp-saturate"});
      return Array.from({length: count}, (_, i) => {
        const log2_spread = spreads.first + i / spreads.perPower;
        return {format, rounding, log2_spread, ratio: signalToNoise(kernels, target, data, spread(i))};
      });
    }),
  );
  return aq.from(rows);
}

/** 2^(first + i / perPower): roots of two come from square roots, which are exact to the last bit everywhere. */
function spread(i: number): number {
  const quarter = Math.sqrt(Math.SQRT2);
  return powerOfTwo(spreads.first + Math.floor(i / spreads.perPower)) * quarter ** (i % spreads.perPower);
}

function signalToNoise(
  kernels: Kernels,
  target: Quantizer,
  {unit, scaled, cast}: {readonly unit: Address; readonly scaled: Address; readonly cast: Address},
  spread: number,
): number {
  kernels.scale(unit, spread, scaled, samples);
  quantize(kernels, target, scaled, cast, samples);
  const x = kernels.float32(scaled, samples);
  const y = kernels.float32(cast, samples);
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < samples; i++) {
    signal += x[i] * x[i];
    noise += (y[i] - x[i]) * (y[i] - x[i]);
  }
  return signal / noise;
}
