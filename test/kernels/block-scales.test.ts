import {describe, expect, test} from "vitest";
import {parseFormat} from "../../src/formats/parse.js";
import {blockScale, outerScale} from "../../src/kernels/reference/block-scales.js";
import {parseScaling} from "../../src/precision/parse-scaling.js";
import {scaleConstants} from "../../src/precision/scaling.js";
import {floatsOfBits} from "./cast-inputs.js";

const constants = (format: string, scaling: string) =>
  scaleConstants(parseScaling(scaling), parseFormat(format));
const scale = (amax: number, format: string, scaling: string) =>
  blockScale(Math.fround(amax), constants(format, scaling));
const exponents = (amaxes: readonly number[], format: string, scaling: string) =>
  amaxes.map((amax) => Math.log2(scale(amax, format, scaling).stored));

const {POSITIVE_INFINITY: infinity, NaN: nan} = Number;
const largestFloat32 = (2 - 2 ** -23) * 2 ** 127;

describe("E8M0 scales", () => {
  test("follow their rules about the powers of two and the largest element", () => {
    const amaxes = [256, 448, 449, 464, 480, 481, 495, 496, 511, 512];
    expect(exponents(amaxes, "e4m3fn", "mx")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(exponents(amaxes, "e4m3fn", "mx,ceil")).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(exponents(amaxes, "e4m3fn", "mx,rceil")).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(exponents(amaxes, "e4m3fn", "mx,even")).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(exponents(amaxes, "e4m3fn", "mx,midmax")).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    const small = [4, 6, 6.5, 7, 7.01, 7.99, 8];
    expect(exponents(small, "e2m1", "mx")).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(exponents(small, "e2m1", "mx,even")).toEqual([0, 0, 0, 1, 1, 1, 1]);
    expect(exponents(small, "e2m1", "mx,midmax")).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });

  test("of 150 in E4M3 are 127 as ceil and 126 as rceil", () => {
    expect(exponents([150], "e4m3fn", "mx,ceil")).toEqual([0]);
    expect(exponents([150], "e4m3fn", "mx,rceil")).toEqual([-1]);
  });

  test("take the exponent of every power of two and its neighbours from the bits", () => {
    for (let exponent = -126; exponent <= 127; exponent++) {
      const bits = (exponent + 127) << 23;
      const below = floatsOfBits(Array.from({length: 16}, (_, i) => bits - 1 - i));
      const above = floatsOfBits(Array.from({length: 17}, (_, i) => bits + i));
      const clamped = (x: number) => Math.max(x, -127);
      for (const amax of below) {
        expect(exponents([amax], "e4m3fn", "mx")).toEqual([clamped(exponent - 9)]);
      }
      for (const amax of above) {
        expect(exponents([amax], "e4m3fn", "mx")).toEqual([clamped(exponent - 8)]);
        expect(exponents([amax], "e4m3fn", "mx,ceil")).toEqual([
          clamped(exponent - (amax > 2 ** exponent ? 7 : 8)),
        ]);
      }
    }
  });

  test.each(["floor", "ceil", "rceil", "even", "midmax"])(
    "of zero and tiny blocks are the least one: %s",
    (rule) => {
      for (const amax of [0, 2 ** -149, 2 ** -130, 2 ** -121]) {
        expect(scale(amax, "e4m3fn", `mx,${rule}`)).toEqual({
          encode: 2 ** 127,
          decode: 2 ** -127,
          stored: 2 ** -127,
        });
      }
    },
  );

  test.each(["floor", "ceil", "rceil", "even", "midmax"])(
    "of infinite and NaN blocks are NaN: %s",
    (rule) => {
      for (const amax of [infinity, nan]) {
        expect(scale(amax, "e5m2", `mx,${rule}`)).toEqual({encode: nan, decode: nan, stored: nan});
      }
    },
  );

  test("of infinite blocks are the largest as TransformerEngine and gfloat have it", () => {
    for (const library of ["transformer-engine", "gfloat"]) {
      expect(scale(infinity, "e4m3fn", `mx,${library}`)).toEqual({
        encode: 2 ** -127,
        decode: 2 ** 127,
        stored: 2 ** 127,
      });
      expect(scale(nan, "e4m3fn", `mx,${library}`).stored).toBeNaN();
    }
  });

  test("of code 0 leave elements as they are in TransformerEngine", () => {
    expect(scale(0, "e4m3fn", "mx,transformer-engine")).toEqual({
      encode: 1,
      decode: 2 ** -127,
      stored: 2 ** -127,
    });
    expect(scale(2 ** -140, "e4m3fn", "mx,transformer-engine").encode).toBe(1);
  });

  test("of the largest float32 stay within the codes", () => {
    expect(exponents([largestFloat32], "mxint8", "mx")).toEqual([127]);
    expect(scale(largestFloat32, "mxint8", "mx,ceil").stored).toBeNaN();
    expect(exponents([largestFloat32], "mxint8", "mx,ceil,gfloat")).toEqual([127]);
    expect(exponents([largestFloat32], "e2m1", "mx,ceil")).toEqual([126]);
  });
});

describe("float32 scales", () => {
  test("map the largest magnitude to the largest element, in the order of operations asked for", () => {
    const amax = Math.fround(3.3);
    const r = Math.fround(448 / amax);
    const s = Math.fround(amax / 448);
    expect(scale(amax, "e4m3fn", "row")).toEqual({
      encode: r,
      decode: Math.fround(1 / r),
      stored: Math.fround(1 / r),
    });
    expect(scale(amax, "e4m3fn", "row,divide")).toEqual({encode: s, decode: s, stored: s});
    expect(scale(amax, "e4m3fn", "row,reciprocal")).toEqual({
      encode: Math.fround(1 / s),
      decode: s,
      stored: s,
    });
  });

  test("rounded to powers of two never let the largest magnitude overflow", () => {
    for (const rule of ["encode", "divide", "reciprocal"]) {
      for (const [amax, expected] of [
        [448, 1],
        [449, 2],
        [447, 1],
        [224, 0.5],
      ]) {
        expect(scale(amax, "e4m3fn", `row,pow2,${rule}`).decode).toBe(expected);
      }
    }
  });

  test.each(["encode", "divide", "reciprocal"])("of a block of zeros are 1: %s", (rule) => {
    expect(scale(0, "e4m3fn", `row,${rule}`)).toEqual({encode: 1, decode: 1, stored: 1});
  });

  test("of tiny blocks stay finite", () => {
    expect(scale(2 ** -149, "e4m3fn", "row").encode).toBe(largestFloat32);
    expect(scale(2 ** -149, "e4m3fn", "row,divide").encode).toBe(1);
    expect(scale(2 ** -140, "e4m3fn", "row,reciprocal").encode).toBe(largestFloat32);
    expect(scale(2 ** -149, "e4m3fn", "row,pow2").encode).toBe(2 ** 127);
  });

  test("of infinite and NaN blocks make them NaN", () => {
    for (const rule of ["encode", "divide", "reciprocal", "pow2"]) {
      const {encode, decode} = scale(infinity, "e4m3fn", `row,${rule}`);
      expect([encode, decode]).toEqual(rule === "divide" ? [infinity, infinity] : [0, infinity]);
      expect(scale(nan, "e4m3fn", `row,${rule}`).decode).toBeNaN();
    }
  });

  test("never count a magnitude as less than epsilon", () => {
    expect(scale(0, "e4m3fn", "row,divide,epsilon=1e-4").decode).toBe(Math.fround(Math.fround(1e-4) / 448));
    expect(scale(1, "e4m3fn", "row,epsilon=2").encode).toBe(224);
  });
});

describe("E4M3 scales", () => {
  test("are at least 2^-6 alone and may be zero below a scale for the tensor", () => {
    expect(scale(0, "e2m1", "nvfp4,single").stored).toBe(2 ** -6);
    expect(scale(6 * 500, "e2m1", "nvfp4,single").stored).toBe(448);
    const two = constants("e2m1", "nvfp4");
    const outer = outerScale(1, two, 448);
    expect(blockScale(1, two, outer).stored).toBe(448);
    expect(blockScale(2 ** -21, two, outer)).toMatchObject({stored: 0, decode: 0, encode: largestFloat32});
    expect(
      blockScale(
        0,
        constants("e2m1", "nvfp4,torchao"),
        outerScale(1, {chain: "two-level-torchao", largest: 6}, 448),
      ).stored,
    ).toBe(2 ** -6);
  });

  test("of tensors of zeros, of tiny values, with infinities and with NaN are defined", () => {
    const two = constants("e2m1", "nvfp4");
    expect(outerScale(0, two, 448)).toEqual({
      encode: largestFloat32,
      decode: Math.fround(1 / largestFloat32),
    });
    expect(outerScale(2 ** -149, two, 448).encode).toBe(largestFloat32);
    expect(outerScale(infinity, two, 448)).toEqual({encode: 1, decode: 1});
    expect(outerScale(nan, two, 448).encode).toBeNaN();
    expect(outerScale(0, constants("e2m1", "nvfp4,torchao"), 448)).toEqual({encode: 1, decode: 1});
  });

  test("in five exponent bits reach further", () => {
    expect(scale(6 * 100_000, "e2m1", "block:1x16,e5m3").stored).toBe(98304);
    expect(scale(6 * 2 ** -17, "e2m1", "block:1x16,e5m3").stored).toBe(2 ** -17);
  });
});
