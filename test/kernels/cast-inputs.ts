import {codeBits, valueTable} from "../../src/formats/decode.js";
import {formatProperties} from "../../src/formats/derived.js";
import type {Format} from "../../src/formats/format.js";
import {parseFormat} from "../../src/formats/parse.js";

export const floatsOfBits = (bits: ArrayLike<number>): Float32Array =>
  new Float32Array(Uint32Array.from(bits).buffer);
export const bitsOfFloats = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Each magnitude with both signs and its `reach` float32 neighbours on either side. */
function withNeighbours(magnitudes: Iterable<number>, reach: number): Float32Array {
  const center = new Float32Array([...magnitudes]);
  const bits: number[] = [];
  for (const centerBits of bitsOfFloats(center)) {
    for (let step = -reach; step <= reach; step++) {
      const neighbour = Math.max(0, centerBits + step);
      bits.push(neighbour, neighbour + 0x80000000);
    }
  }
  return floatsOfBits(bits);
}

/** All 65,536 bfloat16 patterns: every sign and exponent, infinities, and NaN with payloads. */
export const allBfloat16 = floatsOfBits(Array.from({length: 65536}, (_, i) => i * 65536));

/** All float16 values. */
export const allFloat16 = Float32Array.from(valueTable(parseFormat("fp16")));

/**
 * Every power of two of float32 with the sixteen floats on either side, from zero up to the infinities. Each comes eight
 * times: the kernel decides for eight values at once which way they take.
 */
export const aroundPowersOfTwo = floatsOfBits(
  Array.from({length: 256}, (_, exponent) => exponent * 0x800000)
    .flatMap((power) => Array.from({length: 33}, (_, i) => Math.max(0, power + i - 16)))
    .flatMap((bits) => [bits, bits + 0x80000000])
    .flatMap((bits) => new Array(8).fill(bits)),
);

/** Float32's own subnormals, quiet and signalling NaN of both signs with payloads. */
export const oddities = floatsOfBits([
  ...[0, 1, 2, 3, 4, 5, 0x3fffff, 0x400000, 0x400001, 0x7ffffe, 0x7fffff, 0x800000],
  ...[0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fbfffff, 0x7fc00000, 0x7fc12345, 0x7fffffff],
  ...[0x80000000, 0x80000001, 0x80400000, 0xff7fffff, 0xff800000, 0xff800001, 0xffc00000, 0xffffffff],
]);

/** Every midpoint between neighbours of a format of up to 16 bits, and its overflow threshold, each with its neighbours. */
export function midpoints(format: Format): Float32Array {
  const {overflowThreshold} = formatProperties(format);
  const halves: number[] = [overflowThreshold];
  if (codeBits(format) <= 16) {
    const magnitudes = valueTable(format)
      .filter((x) => x >= 0 && Number.isFinite(x))
      .sort();
    magnitudes.forEach((x, i) => {
      if (i > 0) halves.push((x + magnitudes[i - 1]) / 2);
    });
  }
  return withNeighbours(halves, 1);
}

export function concatenate(...parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, {length}) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
