import {describe, expect, test} from "vitest";
import {castLimits, formatProperties, nextFloat32} from "../../src/formats/derived.js";
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
];

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
  ["int8", 127.5, false],
])("%s overflows above %d, which itself is kept: %s", (name, overflowThreshold, thresholdIsKept) => {
  expect(formatProperties(parseFormat(name))).toMatchObject({overflowThreshold, thresholdIsKept});
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
