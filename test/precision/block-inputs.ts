import {readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";
import {bitsOfFloats, floatsOfBits} from "../kernels/cast-inputs.js";

/** What tools/reference/make_block_reference.py records, and, by the same integers, what it records it of. */
const records = JSON.parse(
  gunzipSync(readFileSync(new URL("../fixtures/blocks/blocks.json.gz", import.meta.url))).toString(),
);

/** The records of a library, arrays as base64. */
export const recordsOf = (library: string): Record<string, Record<string, string>> => records[library];
export const textOf = (library: string, name: string): string => records[library][name];

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
export const floatsOf = (text: string): Float32Array => new Float32Array(bytesOf(text).buffer);

export const rows = 512;
export const columns = 64;
/** Two-level scales are those of tensors of so many rows. */
export const tensorRows = 16;
/** For so many rows the elements are recorded too. */
export const elementRows = 128;

function integers(count: number, seed: number): Uint32Array {
  let state = seed;
  return Uint32Array.from({length: count}, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  });
}

const around = (x: number, step: number): number =>
  floatsOfBits([bitsOfFloats(Float32Array.of(x))[0] + step])[0];

function specialMagnitudes(): number[] {
  const largest = [448, 57344, 28, 7.5, 6, 1.984375];
  const exponents = [-149, -148, -140, -130, -127, -126, -125, -120, -100, -10, -1, 0, 1, 8, 15, 100];
  const centers = [
    ...largest.flatMap((f) => [0, -3, 5].map((k) => Math.fround(f * 2 ** k))),
    ...[...exponents, 119, 120, 121, 126, 127].map((k) => 2 ** k),
  ];
  return [
    ...[-1, 0, 1].flatMap((step) => centers.map((x) => around(x, step))),
    ...[464, 480, 496, 7, 5, 61440, 30, 7.75, 29],
    ...[3.4028234663852886e38, 0, Number.POSITIVE_INFINITY, Number.NaN, Number.NEGATIVE_INFINITY],
  ];
}

function makeInputs(): Float32Array {
  const words = integers(rows * columns, 1);
  const unit = (i: number) => words[i] / 2 ** 31 - 1;
  const sizes = integers(words.length / 16, 2).map((word) => word >>> 24);
  const exponents = Array.from(sizes, (size) => (size < 200 ? (size % 41) - 20 : ((size * 37) % 240) - 120));
  const x = Float32Array.from(words, (_, i) => Math.fround(unit(i)) * 2 ** exponents[i >> 4]);
  for (const [k, magnitude] of specialMagnitudes().entries()) {
    const start = 3 * k * 32;
    const small = (i: number) => (Number.isFinite(magnitude) ? (unit(i) / 2) * magnitude : 0);
    for (let i = start; i < start + 32; i++) x[i] = small(i);
    x[start + ((5 * k) % 32)] = k % 2 ? magnitude : -magnitude;
  }
  x.fill(0, 400 * columns, 404 * columns);
  x[400 * columns + 40] = 2 ** -149;
  x.fill(-0, 404 * columns, 404 * columns + 16);
  x.fill(0, 416 * columns, 432 * columns);
  const change = (row: number, f: (value: number) => number) => {
    for (let i = row * columns; i < (row + 16) * columns; i++) x[i] = f(x[i]);
  };
  const clip = (bound: number) => (value: number) => Math.max(-bound, Math.min(bound, value));
  change(432, (value) => value / 2 ** 60);
  change(448, clip(2));
  change(464, clip(2 ** -130));
  return x;
}

export const inputs = makeInputs();

/** The words of each column, xored: the same as recorded if these are the recorded inputs. NaNs count as one. */
export function checksum(): Uint32Array {
  const sums = new Uint32Array(columns);
  for (const [i, bits] of bitsOfFloats(inputs).entries()) {
    sums[i % columns] ^= Number.isNaN(inputs[i]) ? 0x7fc00000 : bits;
  }
  return sums;
}
export const recordedChecksum = (): Uint32Array => new Uint32Array(bytesOf(records.input).buffer);
