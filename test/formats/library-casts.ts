import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";
import {type CastRules, caster} from "../../src/formats/cast.js";
import type {Format} from "../../src/formats/format.js";

/** What a library made of `libraryInputs`, by format and options: digests that tools/reference recorded. */
export function libraryDigests(library: string): [key: string, digest: string][] {
  const bytes = readFileSync(new URL(`../fixtures/libraries/${library}.json.gz`, import.meta.url));
  return Object.entries(JSON.parse(gunzipSync(bytes).toString()));
}

/** The inputs of tools/reference/cast_inputs.py, first the positive ones, then their negatives. */
export const libraryInputs: Float32Array = makeInputs();

function makeInputs(): Float32Array {
  const bits: number[] = [];
  for (let exponent = 127 - 12; exponent < 127 + 13; exponent++) {
    for (let fraction = 0; fraction < 128; fraction++) {
      for (const step of [-1, 0, 1]) bits.push(exponent * 0x800000 + fraction * 0x10000 + step);
    }
  }
  for (let exponent = 0; exponent < 255; exponent++) {
    for (const step of [-16, -2, -1, 0, 1, 2, 16]) bits.push(Math.max(0, exponent * 0x800000 + step));
    for (const quarter of [1, 2, 3]) {
      for (const step of [-1, 0, 1]) bits.push(exponent * 0x800000 + quarter * 0x200000 + step);
    }
  }
  bits.push(1, 2, 3, 5, 0x3fffff, 0x400000, 0x400001, 0x7fffff);
  bits.push(0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff);
  let word = 1;
  for (let i = 0; i < 2048; i++) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    bits.push(word & 0x7fffffff);
  }
  const negative = bits.map((pattern) => pattern + 0x80000000);
  return new Float32Array(Uint32Array.from([...bits, ...negative]).buffer);
}

/** The random word of each input. */
export const libraryRandomWord = (i: number): number => (Math.imul(i, 0x9e3779b9) + 0x7f4a7c15) >>> 0;

/** Our casts of the first `count` inputs. */
export function ourCasts(format: Format, rules: CastRules, count = libraryInputs.length): Float64Array {
  const cast = caster(format, rules);
  const half = libraryInputs.length / 2;
  const results = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    results[i] = cast(libraryInputs[i], {random: libraryRandomWord(i), isNegativeNan: i >= half});
  }
  return results;
}

export function digest(values: Float64Array): string {
  const canonical = values.map((y) => (Number.isNaN(y) ? Number.NaN : y));
  const bytes = new Uint8Array(canonical.buffer);
  return createHash("sha256").update(bytes).digest("hex").slice(0, 10);
}
