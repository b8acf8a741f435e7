import {describe, expect, test} from "vitest";
import {catalogue} from "../../src/formats/catalogue.js";
import {codeBits, decode, valueTable} from "../../src/formats/decode.js";
import {formatProperties} from "../../src/formats/derived.js";
import {parseFormat} from "../../src/formats/parse.js";

const generic = ["e1m0", "e1m1", "e1m2", "e1m7", "e2m2", "e3m0", "e5m6", "e6m0", "e6m4fn", "e7m3", "e8m3"];
const tabled = [...catalogue, ...generic.map(parseFormat)].filter((format) => codeBits(format) <= 16);

describe.each(tabled.map((format) => [format.name, format] as const))(
  "the value table of %s",
  (_, format) => {
    const {bits, finiteValues, infinities, nans, zeros, largest, lowest, smallest} = formatProperties(format);
    const table = [...valueTable(format)];
    const finite = table.filter(Number.isFinite);

    test("has as many values of each kind as the properties say", () => {
      expect(table).toHaveLength(1 << bits);
      expect(new Set(finite.map((x) => x + 0)).size).toBe(finiteValues);
      expect(table.filter((x) => Math.abs(x) === Number.POSITIVE_INFINITY)).toHaveLength(infinities);
      expect(table.filter(Number.isNaN)).toHaveLength(nans);
      expect(table.filter((x) => x === 0)).toHaveLength(zeros);
    });

    test("has the extreme values of the properties", () => {
      expect(Math.max(...finite)).toBe(largest);
      expect(Math.min(...finite)).toBe(lowest);
      expect(Math.min(...finite.filter((x) => x > 0))).toBe(smallest);
    });

    test("rises with the code within one sign", () => {
      const hasSign = format.kind === "codebook" || format.signed;
      const first = hasSign ? table.length / 2 : table.length;
      const upper = table.slice(first).filter((x) => !Number.isNaN(x));
      const lower = table.slice(0, first).filter((x) => !Number.isNaN(x));
      const isSignMagnitude = format.kind === "float";
      for (const branch of [lower, isSignMagnitude ? upper.map((x) => -x) : upper]) {
        expect(branch.filter((value, i) => i > 0 && !(value > branch[i - 1]))).toEqual([]);
      }
    });

    test("is exact in float32", () => {
      expect(finite.filter((value) => Math.fround(value) !== value)).toEqual([]);
    });
  },
);

test("E2M1 has the eight magnitudes of the OCP MX specification", () => {
  expect([...valueTable(parseFormat("e2m1"))]).toEqual([
    ...[0, 0.5, 1, 1.5, 2, 3, 4, 6],
    ...[-0, -0.5, -1, -1.5, -2, -3, -4, -6],
  ]);
});

test("codes decode as IEEE 754 and OCP say", () => {
  const value = (name: string, code: number) => decode(parseFormat(name), code);
  expect(value("fp32", 0x3f800000)).toBe(1);
  expect(value("fp32", 0x80000000)).toBe(-0);
  expect(value("fp32", 0x7f7fffff)).toBe(3.4028234663852886e38);
  expect(value("fp32", 0xff800000)).toBe(Number.NEGATIVE_INFINITY);
  expect(value("fp32", 1)).toBe(1.401298464324817e-45);
  expect(value("fp16", 0x3555)).toBe(0.333251953125);
  expect(value("bf16", 0x4049)).toBe(3.140625);
  expect(value("e5m2", 0x7c)).toBe(Number.POSITIVE_INFINITY);
  expect(value("e5m2", 0x7d)).toBeNaN();
  expect(value("e4m3fn", 0x7e)).toBe(448);
  expect(value("e4m3fn", 0x7f)).toBeNaN();
  expect(value("e4m3fn", 0xff)).toBeNaN();
  expect(value("e4m3", 0x78)).toBe(Number.POSITIVE_INFINITY);
  expect(value("int4", 0b1000)).toBe(-8);
  expect(value("int4", 0b1111)).toBe(-1);
});

test("a code that the format does not have is refused", () => {
  for (const code of [-1, 256, 1.5, Number.NaN]) {
    expect(() => decode(parseFormat("e4m3fn"), code)).toThrow("codes go from 0 to 255");
  }
});

test("a table wider than 16 bits is refused", () => {
  expect(() => valueTable(parseFormat("tf32"))).toThrow("tf32 has 19 bits; value tables end at 16");
});
