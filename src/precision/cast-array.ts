import {usageError} from "../errors.js";
import type {Format} from "../formats/format.js";
import {createKernels} from "../kernels/kernels.js";
import {type QuantizerOptions, quantizer, quantizeScaled} from "./quantizer.js";
import {tensorScale} from "./scaling.js";

/**
 * The values after the cast, in a new array.
 * With `scaling: "tensor"` one power of two scales the whole array, see `tensorScale`.
 *
 * @param words a word of random bits for each value, for stochastic modes whose bits are to come from elsewhere
 * @throws a usage error for an unknown format
 */
export async function castArray(
  values: Float32Array,
  format: Format | string,
  {words, ...options}: QuantizerOptions & {readonly words?: Uint32Array} = {},
): Promise<Float32Array> {
  if (words && words.length !== values.length) {
    throw usageError(`${words.length} words of random bits for ${values.length} values`);
  }
  const target = quantizer(format, options);
  const kernels = await createKernels();
  const count = values.length;
  const [address, wordsAddress] = [kernels.allocate(4 * count), words && kernels.allocate(4 * count)];
  kernels.float32(address, count).set(values);
  if (words) kernels.uint32(wordsAddress!, count).set(words);
  const scale =
    target.scaling === "tensor" ? tensorScale(target.largest, kernels.largestMagnitude(address, count)) : 1;
  quantizeScaled(kernels, target, address, address, count, scale, {words: wordsAddress});
  return kernels.float32(address, count).slice();
}
