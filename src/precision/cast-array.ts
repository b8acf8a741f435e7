import {usageError} from "../errors.js";
import type {Format} from "../formats/format.js";
import {createKernels, type Kernels} from "../kernels/kernels.js";
import {type Quantizer, type QuantizerOptions, quantizer, quantizeScaled} from "./quantizer.js";
import {tensorScale} from "./scaling.js";

/** Bytes that go through the kernels at once: small enough to stay in a cache. */
export const chunkBytes = 1 << 18;

/** Works through float32 data of any length, as little-endian bytes, in a buffer in the memory of the kernels. */
export interface ChunkCaster {
  /**
   * Stochastic modes count elements from the first call on, so that data may come in pieces of any size.
   * @param bytes a multiple of 4 of them
   * @param words a word of random bits for each element, in place of those of the quantizer's address
   * @returns cast(x · scale) / scale in fresh memory
   */
  cast(bytes: Uint8Array, scale: number, words?: Uint32Array): Uint8Array;
  /** Largest magnitude; NaN if there is one. */
  largestMagnitude(bytes: Uint8Array): number;
}

export function chunkCaster(kernels: Kernels, quantizer: Quantizer): ChunkCaster {
  const address = kernels.allocate(chunkBytes);
  let wordsAddress = 0; // allocated when first needed
  let done = 0;
  const forEachChunk = (bytes: Uint8Array, run: (chunk: Uint8Array, offset: number) => void) => {
    for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
      const length = Math.min(chunkBytes, bytes.length - offset);
      const chunk = new Uint8Array(kernels.memory.buffer, address, length);
      chunk.set(bytes.subarray(offset, offset + length));
      run(chunk, offset);
    }
  };
  return {
    cast(bytes, scale, words) {
      const out = new Uint8Array(bytes.length);
      if (words) wordsAddress ||= kernels.allocate(chunkBytes);
      forEachChunk(bytes, (chunk, offset) => {
        const count = chunk.length / 4;
        if (words) kernels.uint32(wordsAddress, count).set(words.subarray(offset / 4, offset / 4 + count));
        const place = {startIndex: done + offset / 4, words: words && wordsAddress};
        quantizeScaled(kernels, quantizer, address, address, count, scale, place);
        out.set(chunk, offset);
      });
      done += bytes.length / 4;
      return out;
    },
    largestMagnitude(bytes) {
      let largest = 0;
      forEachChunk(bytes, (chunk) => {
        largest = Math.max(largest, kernels.largestMagnitude(address, chunk.length / 4));
      });
      return largest;
    },
  };
}

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
  const caster = chunkCaster(await createKernels(), target);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const scale = target.scaling === "tensor" ? tensorScale(target.largest, caster.largestMagnitude(bytes)) : 1;
  return new Float32Array(caster.cast(bytes, scale, words).buffer);
}
