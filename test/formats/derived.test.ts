import {describe, expect, test} from "vitest";
import {valueTable} from "../../src/formats/decode.js";
import {castLimits, formatProperties, nextFloat32} from "../../src/formats/derived.js";
import type {FloatFormat} from "../../src/formats/format.js";
import {parseFormat} from "../../src/formats/parse.js";
import {powerOfTwo} from "../../src/formats/power-of-two.js";

const two = powerOfTwo;

// IEEE 754-2019, the OCP FP8 and MX specifications, and ml_dtypes.
const published: [
  name: string,
  bits: number,
  largest: number,
  normal: number,
  subnormal: number,
  nans: number,
][] = [
  ["fp32", 32, (2 - two(-23)) * two(127), two(-126), two(-149), 2 * (two(23) - 1)],
  ["tf32", 19, (2 - two(-10)) * two(127), two(-126), two(-136), 2046],
  ["bf16", 16, 255 * two(120), two(-126), two(-133), 254],
  ["fp16", 16, 65504, two(-14), two(-24), 2046],
  ["e5m2", 8, 57344, two(-14), two(-16), 6],
  ["e4m3fn", 8, 448, two(-6), two(-9), 2],
  ["e4m3", 8, 240, two(-6), two(-9), 14],
  ["e3m4", 8, 15.5, two(-2), two(-6), 30],
  ["e3m2", 6, 28, 0.25, 0.0625, 0],
  ["e2m3", 6, 7.5, 1, 0.125, 0],
  ["e2m1", 4, 6, 1, 0.5, 0],
  ["e5m6", 12, 65024, two(-14), two(-20), 126],
];

// Bias, largest value, smallest normal and subnormal of the 8-bit formats of P3109 by precision, for signed formats;
// then bias, largest values and smallest subnormal for unsigned ones. Each largest value is extended, then finite.
const p3109: [
  number,
  number,
  number,
  number,
  number,
  number | null,
  number,
  number,
  number,
  number | null,
][] = [
  [1, 64, two(62), two(63), two(-63), null, 128, two(125), two(126), null],
  [2, 32, two(31), 1.5 * two(31), two(-31), two(-32), 64, 1.5 * two(62), two(63), two(-64)],
  [3, 16, 49152, 57344, two(-15), two(-17), 32, 1.25 * two(31), 1.5 * two(31), two(-33)],
  [4, 8, 224, 240, two(-7), two(-10), 16, 53248, 57344, two(-18)],
  [5, 4, 15, 15.5, two(-3), two(-7), 8, 232, 240, two(-11)],
  [6, 2, 3.875, 3.9375, two(-1), two(-6), 4, 15.25, 15.5, two(-8)],
  [7, 1, 1.96875, 1.984375, 1, two(-6), 2, 3.90625, 3.9375, two(-7)],
];

test.each(p3109)(
  "binary8p%d has the properties of the P3109 report",
  (p, bias, extended, finite, ...rest) => {
    const [normal, subnormal, unsignedBias, unsignedExtended, unsignedFinite, unsignedSubnormal] = rest;
    const of = (letters: string) => {
      const format = parseFormat(`binary8p${p}${letters}`) as FloatFormat;
      return {bias: format.bias, ...formatProperties(format)};
    };
    const common = {bits: 8, nans: 1, zeros: 1};
    const signed = {...common, bias, smallestNormal: normal, smallestSubnormal: subnormal};
    expect(of("se")).toMatchObject({...signed, largest: extended, lowest: -extended, infinities: 2});
    expect(of("sf")).toMatchObject({...signed, largest: finite, lowest: -finite, infinities: 0});
    const unsigned = {...common, bias: unsignedBias, lowest: 0, smallestSubnormal: unsignedSubnormal};
    expect(of("ue")).toMatchObject({...unsigned, largest: unsignedExtended, infinities: 1});
    expect(of("uf")).toMatchObject({...unsigned, largest: unsignedFinite, infinities: 0});
  },
);

test("binary3p2 without infinities has the magnitudes 0, 0.5, 1 and 1.5", () => {
  expect([...valueTable(parseFormat("binary3p2sf"))]).toEqual([0, 0.5, 1, 1.5, Number.NaN, -0.5, -1, -1.5]);
});

test("scale types have the published range", () => {
  expect(formatProperties(parseFormat("e8m0"))).toMatchObject({
    ...{bits: 8, largest: two(127), lowest: two(-127), smallestNormal: two(-127), smallestSubnormal: null},
    ...{nans: 1, infinities: 0, zeros: 0, finiteValues: 255},
  });
  const unsigned = {lowest: 0, nans: 1, infinities: 0, zeros: 1};
  expect(formatProperties(parseFormat("ue4m3"))).toMatchObject({
    ...{...unsigned, largest: 448, smallestNormal: two(-6), smallestSubnormal: two(-9)},
  });
  expect(formatProperties(parseFormat("ue5m3"))).toMatchObject({
    ...{...unsigned, bits: 8, largest: 114688, smallestNormal: two(-14), smallestSubnormal: two(-17)},
  });
  expect(formatProperties(parseFormat("pow2"))).toMatchObject({
    ...{largest: two(127), smallestNormal: two(-126), smallestSubnormal: null, zeros: 1},
  });
});

test("fp64 is that of IEEE 754", () => {
  expect(formatProperties(parseFormat("fp64"))).toMatchObject({
    ...{bits: 64, largest: Number.MAX_VALUE, smallestNormal: two(-1022), smallest: Number.MIN_VALUE},
    ...{epsilon: Number.EPSILON, minimumExponent: -1022, maximumExponent: 1023, nans: 2 * (2 ** 52 - 1)},
  });
});

test("fixed point goes in steps of 2^-fractionBits", () => {
  const one = two(-6);
  expect(formatProperties(parseFormat("mxint8"))).toMatchObject({largest: 2 - one, lowest: -2, epsilon: one});
  expect(formatProperties(parseFormat("fixed8.6sym"))).toMatchObject({largest: 2 - one, lowest: -2 + one});
  expect(formatProperties(parseFormat("ufixed8.4"))).toMatchObject({
    largest: 255 / 16,
    lowest: 0,
    smallest: 1 / 16,
  });
});

test("a format without an exponent is a uniform grid", () => {
  expect(formatProperties(parseFormat("e0m3b1"))).toMatchObject({
    ...{smallest: 0.125, largest: 0.875, epsilon: 0.125, smallestNormal: null, unitRoundoff: null},
  });
});

test.each(published)(
  "%s has the published width, range and NaN codes",
  (name, bits, largest, normal, subnormal, nans) => {
    const properties = formatProperties(parseFormat(name));
    expect(properties).toMatchObject({bits, largest, lowest: -largest, nans, zeros: 2});
    expect(properties).toMatchObject({
      smallestNormal: normal,
      smallestSubnormal: subnormal,
      smallest: subnormal,
    });
    expect(properties.largestSubnormal).toBe(normal - subnormal);
    expect(properties.epsilon).toBe(subnormal / normal < 1 ? subnormal / normal : Number.NaN);
    expect(two(properties.minimumExponent)).toBe(normal);
  },
);

test.each([
  ["e4m3fn", 464, true],
  ["e5m2", 61440, false],
  ["e4m3", 248, false],
  ["e3m4", 15.75, false],
  ["fp16", 65520, false],
  ["e2m1", 7, false],
  ["e4m3fnuz", 248, false],
  ["e5m2fnuz", 61440, false],
  ["e4m3b11fnuz", 31, false],
  ["int8", 127.5, false],
])("%s overflows above %d, which itself is kept: %s", (name, overflowThreshold, thresholdIsKept) => {
  expect(formatProperties(parseFormat(name))).toMatchObject({overflowThreshold, thresholdIsKept});
});

test.each([
  ["e4m3fnuz", 240, two(-7), two(-10)],
  ["e5m2fnuz", 57344, two(-15), two(-17)],
  ["e4m3b11fnuz", 30, two(-10), two(-13)],
])("%s has one zero, one NaN and the published range", (name, largest, normal, subnormal) => {
  expect(formatProperties(parseFormat(name))).toMatchObject({
    ...{bits: 8, largest, lowest: -largest, smallestNormal: normal, smallestSubnormal: subnormal},
    ...{zeros: 1, nans: 1, infinities: 0, finiteValues: 255},
  });
  expect(valueTable(parseFormat(name))[0x80]).toBeNaN();
});

test("intN goes from -2^(N-1) to 2^(N-1) - 1 in steps of 1 with one zero", () => {
  for (let bits = 2; bits <= 16; bits++) {
    const properties = formatProperties(parseFormat(`int${bits}`));
    const half = 1 << (bits - 1);
    expect(properties).toMatchObject({
      bits,
      lowest: -half,
      largest: half - 1,
      epsilon: 1,
      zeros: 1,
      finiteValues: 2 * half,
    });
  }
});

test("e1mY has a uniform grid, and with IEEE specials no normal values", () => {
  expect(formatProperties(parseFormat("e1m2"))).toMatchObject({largest: 3.5, smallest: 0.5, epsilon: 0.5});
  const {largest, smallestNormal, largestSubnormal} = formatProperties(parseFormat("e1m6"));
  expect({largest, smallestNormal}).toEqual({largest: 2 - two(-5), smallestNormal: null});
  expect(largestSubnormal).toBe(largest);
});

test("without mantissa bits there are no subnormals", () => {
  expect(formatProperties(parseFormat("e3m0"))).toMatchObject({
    smallest: 0.25,
    smallestNormal: 0.25,
    smallestSubnormal: null,
    largestSubnormal: null,
    largest: 16,
  });
});

describe("castLimits", () => {
  test("vanishing is half of the smallest value", () => {
    expect(castLimits(parseFormat("e4m3fn")).vanishing).toBe(two(-10));
    expect(castLimits(parseFormat("int8")).vanishing).toBe(0.5);
  });

  test("overflowing is the first float32 that does not round to a finite value", () => {
    expect(castLimits(parseFormat("fp16")).overflowing).toBe(65520);
    expect(castLimits(parseFormat("e4m3fn")).overflowing).toBe(464 + two(-15));
    expect(castLimits(parseFormat("e5m23")).overflowing).toBe(65536);
    expect(castLimits(parseFormat("fp32")).overflowing).toBe(Number.POSITIVE_INFINITY);
  });
});

test("nextFloat32 steps over binades", () => {
  expect(nextFloat32(1, 1)).toBe(1 + two(-23));
  expect(nextFloat32(1, -1)).toBe(1 - two(-24));
  expect(nextFloat32(two(-126), -1)).toBe(two(-126) - two(-149));
});
