import type {Format} from "../formats/format.js";
import {createKernels, type Kernels} from "../kernels/kernels.js";
import {type Quantizer, type QuantizerOptions, quantizer, quantizeScaled} from "./quantizer.js";
import {tensorScale} from "./scaling.js";

/** Bytes that go through the kernels at once: small enough to stay in a cache. */
export const chunkBytes = 1 << 18;

/** Works through float32 data of any length, as little-endian bytes, in a buffer in the memory of the kernels. */
export interface ChunkCaster {
  /** @param bytes a multiple of 4 of them @returns cast(x · scale) / scale in fresh memory */
  cast(bytes: Uint8Array, scale: number): Uint8Array;
  /** Largest magnitude; NaN if there is one. */
  largestMagnitude(bytes: Uint8Array): number;
}

export function chunkCaster(kernels: Kernels, quantizer: Quantizer): ChunkCaster {
  const address = kernels.allocate(chunkBytes);
  const forEachChunk = (bytes: Uint8Array, run: (chunk: Uint8Array, offset: number) => void) => {
    for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
      const length = Math.min(chunkBytes, bytes.length - offset);
      const chunk = new Uint8Array(kernels.memory.buffer, address, length);
      chunk.set(bytes.subarray(offset, offset + length));
      run(chunk, offset);
    }
  };
  return {
    cast(bytes, scale) {
      const out = new Uint8Array(bytes.length);
      forEachChunk(bytes, (chunk, offset) => {
        quantizeScaled(kernels, quantizer, address, address, chunk.length / 4, scale);
        out.set(chunk, offset);
      });
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
 * @throws a usage error for an unknown format
 */
export async function castArray(
  values: Float32Array,
  format: Format | string,
  options: QuantizerOptions = {},
): Promise<Float32Array> {
  const target = quantizer(format, options);
  const caster = chunkCaster(await createKernels(), target);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const scale = target.scaling === "tensor" ? tensorScale(target.largest, caster.largestMagnitude(bytes)) : 1;
  return new Float32Array(caster.cast(bytes, scale).buffer);
}
