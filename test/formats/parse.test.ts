import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {catalogue} from "../../src/formats/catalogue.js";
import {parseFormat} from "../../src/formats/parse.js";

test("every name and alias of the catalogue is its format, in any case", () => {
  for (const format of catalogue) {
    for (const name of [format.name, ...format.aliases]) {
      expect(parseFormat(name)).toBe(format);
      expect(parseFormat(` ${name.toUpperCase()} `)).toBe(format);
    }
  }
});

test("no two formats share a name", () => {
  const names = catalogue.flatMap(({name, aliases}) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ["float8_e4m3fn", "e4m3fn"],
  ["float8_e4m3", "e4m3"],
  ["bfloat16", "bf16"],
  ["half", "fp16"],
  ["float6_e3m2fn", "e3m2"],
  ["float4_e2m1fn", "e2m1"],
  ["e8m23", "fp32"],
  ["e8m10", "tf32"],
  ["e8m7", "bf16"],
  ["e5m10", "fp16"],
  ["e2m1fn", "e2m1"],
  ["e4m3fn", "e4m3fn"],
])("%s is %s", (alias, name) => {
  expect(parseFormat(alias).name).toBe(name);
});

describe("generic eXmY", () => {
  const sizes = fc.record({
    exponentBits: fc.integer({min: 1, max: 8}),
    mantissaBits: fc.integer({min: 0, max: 23}),
  });

  test("has the bits of its name, the bias of IEEE 754 and subnormals", () => {
    fc.assert(
      fc.property(sizes, ({exponentBits, mantissaBits}) => {
        fc.pre(exponentBits < 8 || mantissaBits > 0);
        const format = parseFormat(`e${exponentBits}m${mantissaBits}`);
        expect(format).toMatchObject({kind: "float", exponentBits, mantissaBits});
        expect(format).toMatchObject({bias: 2 ** (exponentBits - 1) - 1});
        expect(parseFormat(format.name)).toEqual(format);
      }),
    );
  });

  test("is all finite up to six bits and has IEEE specials above, where it has a fraction", () => {
    expect(parseFormat("e3m2")).toMatchObject({specials: "none"});
    expect(parseFormat("e2m2fn")).toMatchObject({specials: "none", name: "e2m2"});
    expect(parseFormat("e3m3")).toMatchObject({specials: "ieee"});
    expect(parseFormat("e6m0")).toMatchObject({specials: "fn", name: "e6m0fn"});
  });

  test("with fn has no infinities", () => {
    expect(parseFormat("e3m3fn")).toMatchObject({specials: "fn", name: "e3m3fn"});
  });
});

test.each([
  [
    "e0m0",
    /^impossible format "e0m0": eXmY has 1 to 8 exponent bits and 0 to 23 mantissa bits; the nearest is e1m0$/,
  ],
  ["e9m30", /the nearest is e8m23$/],
  ["e12m3fn", /the nearest is e8m3fn$/],
  ["int1", /^impossible format "int1": integers have 2 to 16 bits; the nearest is int2$/],
  ["int17", /the nearest is int16$/],
  ["fp8", /^unknown format "fp8": did you mean e4m3fn or e5m2\? known are fp64, fp32, /],
  ["fp9", /^unknown format "fp9": .*any eXmY/],
  ["bf61", /did you mean bf16\?/],
  ["float8_e4m3fm", /did you mean float8_e4m3fn\?/],
  ["", /^unknown format "": known are fp64, fp32/],
])("%s is refused in one line", (name, message) => {
  expect(() => parseFormat(name)).toThrow(message);
  expect(() => parseFormat(name)).toThrow(expect.objectContaining({exitCode: 2}));
});
