import {describe, expect, test} from "vitest";
import {catalogue} from "../../src/formats/catalogue.js";
import {codeBits, decode, valueTable} from "../../src/formats/decode.js";
import {formatProperties} from "../../src/formats/derived.js";
import {encode, hasValue} from "../../src/formats/encode.js";
import type {Format} from "../../src/formats/format.js";
import {parseFormat} from "../../src/formats/parse.js";

/** The P3109 family: whole up to 11 bits, every third precision above. */
const family: string[] = [];
for (let bits = 3; bits <= 16; bits++) {
  for (let precision = 1; precision <= bits; precision++) {
    for (const letters of ["se", "sf", "ue", "uf"]) {
      const exponentBits = bits - precision + (letters.startsWith("u") ? 1 : 0);
      const isTaken = bits <= 11 || (bits + precision) % 3 === 0;
      if (exponentBits >= 1 && exponentBits <= 11 && isTaken)
        family.push(`binary${bits}p${precision}${letters}`);
    }
  }
}
const generic = [
  ...[
    "e1m0",
    "e1m1",
    "e1m7",
    "e2m2",
    "e3m0",
    "e6m0",
    "e6m4fn",
    "e7m3",
    "e8m3",
    "e8m3fn",
    "e5m6b-3",
    "e4m3b40fnuz",
  ],
  ...[
    "e0m3b1",
    "e0m7b0fn",
    "e0m6b3extended",
    "e4m3-nosub",
    "ue5m3-nosub",
    "ue8m0fn",
    "e2m1nan",
    "e3m0-nosub",
  ],
  ...[
    "ue3m2",
    "e4m3none",
    "e2m3ieee",
    "e5m10fnuz",
    "fixed8.4",
    "ufixed6.2",
    "int8sym",
    "fixed16.20",
    "ue4m0nan",
  ],
];

/** All formats of up to 16 bits that have names, and generic ones of every kind. */
const formats: Format[] = [...catalogue, ...family.map(parseFormat), ...generic.map(parseFormat)].filter(
  (format) => codeBits(format) <= 16,
);

describe("every code of every format of up to 16 bits", () => {
  test("decodes to a value that encodes to it, save that all NaN share one code", () => {
    for (const format of formats) {
      const table = valueTable(format);
      let nans = 0;
      table.forEach((value, code) => {
        if (Number.isNaN(value)) nans++;
        else if (encode(format, value) !== code) expect.fail(`${format.name}: ${code} is ${value}`);
      });
      if (nans > 0) expect(table[encode(format, Number.NaN)]).toBeNaN();
    }
  });

  test("rises in value within a sign, and has the NaN, infinities and zeros of the properties", () => {
    for (const format of formats) {
      const {nans, infinities, zeros, finiteValues, largest, lowest, smallest} = formatProperties(format);
      const table = valueTable(format);
      const first = format.kind === "codebook" || format.signed ? table.length / 2 : table.length;
      const counts = {nans: 0, infinities: 0, zeros: 0, finite: 0};
      let [previous, greatest, least, tiniest] = [Number.NEGATIVE_INFINITY, -1, 1, Number.POSITIVE_INFINITY];
      table.forEach((value, code) => {
        if (code === first) previous = Number.NEGATIVE_INFINITY;
        if (Number.isNaN(value)) {
          counts.nans++;
          return;
        }
        const ordered = format.kind === "float" && code >= first ? -value : value;
        if (!(ordered > previous)) expect.fail(`${format.name}: code ${code} is ${value} after ${previous}`);
        previous = ordered;
        if (!Number.isFinite(value)) counts.infinities++;
        else {
          if (value === 0) counts.zeros++;
          if (!Object.is(value, -0)) counts.finite++;
          [greatest, least] = [Math.max(greatest, value), Math.min(least, value)];
          if (value > 0) tiniest = Math.min(tiniest, value);
        }
      });
      const isCut = format.kind === "integer" && format.symmetric;
      expect({name: format.name, ...counts}).toEqual({
        name: format.name,
        nans,
        infinities,
        zeros,
        finite: finiteValues,
      });
      expect([greatest, tiniest]).toEqual([largest, smallest]);
      expect(isCut ? least + smallest : least).toBe(lowest);
    }
  });
});

test("wide codes are those of IEEE 754", () => {
  expect(encode(parseFormat("fp32"), 1)).toBe(0x3f800000);
  expect(encode(parseFormat("fp32"), -(2 ** -149))).toBe(0x80000001);
  expect(encode(parseFormat("fp32"), Number.NaN)).toBe(0x7fc00000);
  expect(encode(parseFormat("tf32"), Number.NEGATIVE_INFINITY)).toBe(0x7f800000 / 2 ** 13 + 2 ** 18);
  expect(decode(parseFormat("tf32"), encode(parseFormat("tf32"), 1.5))).toBe(1.5);
});

test("NaN is encoded as ml_dtypes encodes it", () => {
  const code = (name: string) => encode(parseFormat(name), Number.NaN);
  expect(["e5m2", "e4m3fn", "e4m3", "e3m4", "e4m3fnuz", "e8m0"].map(code)).toEqual([
    ...[0x7e, 0x7f, 0x7c, 0x78, 0x80, 0xff],
  ]);
  expect(["binary8p3se", "binary8p3ue", "binary8p3sf", "binary8p3uf"].map(code)).toEqual([
    0x80, 0xff, 0x80, 0xff,
  ]);
});

test.each([
  ["e2m1", 5],
  ["e2m1", Number.NaN],
  ["e4m3fn", 449],
  ["e4m3fn", 480],
  ["e4m3fn", Number.POSITIVE_INFINITY],
  ["e4m3fn", 2 ** -10],
  ["e4m3-nosub", 2 ** -7],
  ["e8m0", 0],
  ["e8m0", 3],
  ["ue4m3", -1],
  ["int4", 8],
  ["int4", 0.5],
  ["nf4", 0.5],
] as const)("%s has no code for %d", (name, value) => {
  expect(hasValue(parseFormat(name), value)).toBe(false);
  expect(() => encode(parseFormat(name), value)).toThrow(`${value} has no code in ${name}`);
});

test("zero has the sign that the format gives it", () => {
  expect(encode(parseFormat("e4m3fn"), -0)).toBe(0x80);
  expect(["e4m3fnuz", "int8", "ue4m3", "nf4"].map((name) => encode(parseFormat(name), -0))).toEqual([
    0, 0, 0, 7,
  ]);
});

test("fp64 is described only", () => {
  expect(() => encode(parseFormat("fp64"), 1)).toThrow("fp64 has 64 bits; values are encoded up to 32");
});
