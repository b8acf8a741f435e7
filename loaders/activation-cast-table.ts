import * as aq from "arquero";
import {castLimits} from "../src/formats/derived.js";
import {parseFormat} from "../src/formats/parse.js";
import {createKernels} from "../src/kernels/kernels.js";

export const activations = ["gelu", "silu", "relu"] as const;
const formats = ["e4m3fn", "e5m2"];

/** Powers of two of the spreads of the input, in halves. */
export const spreads = Array.from({length: 25}, (_, i) => -4 + i / 2);
const samples = 1 << 18;

/**
 * What a cast loses of the output of an activation function for normal inputs: activation, format, log2_spread of the
 * input, and underflow, the share of the non-zero outputs that the cast turns to zero.
 */
export async function activationCastTable() {
  const kernels = await createKernels();
  const [unit, x, y, derivative] = Array.from({length: 4}, () => kernels.allocate(4 * samples));
  const counts = kernels.allocate(8);
  kernels.randomNormal(unit, samples, 0, 1, 1, 0, 0);
  const forward = {gelu: kernels.geluForward, silu: kernels.siluForward, relu: kernels.reluForward};
  const rows = spreads.flatMap((log2_spread) => {
    kernels.scale(unit, 2 ** log2_spread, x, samples);
    return activations.flatMap((activation) => {
      forward[activation](x, y, derivative, samples, 1);
      const nonZero = kernels.float32(y, samples).reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
      return formats.map((format) => {
        const {vanishing, overflowing} = castLimits(parseFormat(format));
        kernels.countMagnitudes(y, samples, vanishing, overflowing, counts);
        const [below] = kernels.int32(counts, 1);
        return {activation, format, log2_spread, underflow: below / nonZero};
      });
    });
  });
  return aq.from(rows);
}
