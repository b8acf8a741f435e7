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
  ["e4m3b7fn", "e4m3fn"],
  ["e4m3b8fnuz", "e4m3fnuz"],
  ["float8_e4m3b11fnuz", "e4m3b11fnuz"],
  ["float8_e8m0fnu", "e8m0"],
  ["FLOAT8E5M2FNUZ", "e5m2fnuz"],
  ["ocp_int8", "mxint8"],
  ["fixed8.6", "mxint8"],
  ["fixed8.0", "int8"],
  ["p3109_k8p3se", "binary8p3se"],
  ["binary8p3", "binary8p3se"],
  ["p3109_k6p4uf", "binary6p4uf"],
  ["binary16", "fp16"],
  ["binary64", "fp64"],
  ["ue8m0", "e8m0"],
  ["int8sym", "int8sym"],
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

  test("takes any bias and meaning of the top codes, and goes by one name", () => {
    const name = (text: string) => parseFormat(text).name;
    expect(["e4m3b3", "e4m3b7", "e4m3b-2fn", "e3m2none", "e3m2nan", "ue5m2", "ue5m2ieee"].map(name)).toEqual([
      ...["e4m3b3", "e4m3", "e4m3b-2fn", "e3m2", "e3m2nan", "ue5m2", "ue5m2ieee"],
    ]);
    expect(parseFormat("e4m3b-2fn")).toMatchObject({bias: -2, specials: "fn"});
    expect(parseFormat("ue4m3b9extended-nosub")).toMatchObject({
      ...{name: "ue4m3b9extended-nosub", signed: false, bias: 9, specials: "extended", zero: "unsigned"},
      ...{subnormals: false, exponentBits: 4, mantissaBits: 3},
    });
    expect(parseFormat("e0m4b2")).toMatchObject({name: "e0m4b2", exponentBits: 0, specials: "none"});
  });

  test("of any bias, specials and subnormals is found again by its name", () => {
    const suffixes = ["", "ieee", "fn", "fnuz", "none", "nan", "extended", "finite"];
    const shapes = fc.record({
      sign: fc.constantFrom("", "u"),
      exponentBits: fc.integer({min: 1, max: 8}),
      mantissaBits: fc.integer({min: 1, max: 23}),
      bias: fc.option(fc.integer({min: -100, max: 300})),
      suffix: fc.constantFrom(...suffixes),
      ending: fc.constantFrom("", "-nosub"),
    });
    fc.assert(
      fc.property(shapes, ({sign, exponentBits, mantissaBits, bias, suffix, ending}) => {
        fc.pre(!(sign === "u" && suffix === "fnuz"));
        const biasText = bias === null ? "" : `b${bias}`;
        const format = parseFormat(`${sign}e${exponentBits}m${mantissaBits}${biasText}${suffix}${ending}`);
        expect(format).toMatchObject({
          signed: sign === "",
          exponentBits,
          mantissaBits,
          subnormals: ending === "",
        });
        if (bias !== null) expect(format).toMatchObject({bias});
        expect(parseFormat(format.name)).toEqual(format);
      }),
    );
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
  ["e0m3", /^"e0m3" has no exponent and needs a bias: e0m3b1 has the step 2\^-3$/],
  ["ue4m3fnuz", /without a sign there is no -0 to be NaN; take fn or finite$/],
  ["e0m3b1ieee", /infinities of IEEE 754 need an exponent$/],
  ["e1m0ieee", /its codes leave no value but zero$/],
  ["e4m3b2000", /within double precision its bias is from -1008 to 1071$/],
  ["binary8p8se", /^impossible format "binary8p8se": with 8 bits the precision is from 1 to 7$/],
  ["binary2p1", /P3109 formats have 3 to 16 bits here$/],
  ["binary16p2se", /beyond double precision, .* precisions start at 5$/],
  ["uint17", /^impossible format "uint17": integers have 2 to 16 bits; the nearest is uint16$/],
  ["fixed20.4", /the nearest is fixed16.4$/],
  ["uint8sym", /without a sign nothing is symmetric$/],
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
