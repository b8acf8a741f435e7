import {readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";
import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {catalogue} from "../../src/formats/catalogue.js";
import {codeBits, valueTable} from "../../src/formats/decode.js";
import type {FloatFormat, Format} from "../../src/formats/format.js";
import {parseFormat} from "../../src/formats/parse.js";
import type {Policy} from "../../src/formats/policy.js";
import {type PresetName, policies} from "../../src/formats/preset.js";
import {isStochastic, type RoundingMode, roundings} from "../../src/formats/rounding.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {quantize as quantizeReference} from "../../src/kernels/reference/quantize.js";
import type {RandomPlace} from "../../src/kernels/reference/random.js";
import {quantizer, quantizeScaled} from "../../src/precision/quantizer.js";
import {
  allBfloat16,
  allFloat16,
  aroundPowersOfTwo,
  bitsOfFloats,
  concatenate,
  floatsOfBits,
  midpoints,
  oddities,
} from "./cast-inputs.js";

interface Options {
  readonly rounding?: RoundingMode;
  readonly bits?: number;
  readonly policy?: Policy | PresetName;
  readonly scale?: number;
  readonly startIndex?: number;
}
type Cast = (x: Float32Array, format: Format, options?: Options) => Float32Array;

const place: RandomPlace = {seed: 7, stream: 3, step: 11};

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** The kernel's answer, computed in place. */
const castByKernel: Cast = (x, format, options = {}) => {
  const {rounding = "nearest-even", bits, policy = "default", scale = 1, startIndex = 0} = options;
  const mark = kernels.mark();
  const address = kernels.allocate(x.byteLength);
  kernels.float32(address, x.length).set(x);
  const target = quantizer(format, {rounding, bits, policy, random: place});
  quantizeScaled(kernels, target, address, address, x.length, scale, {startIndex});
  const result = kernels.float32(address, x.length).slice();
  kernels.release(mark);
  return result;
};

const castByReference: Cast = (x, format, options = {}) => {
  const {rounding = "nearest-even", policy = "default"} = options;
  const out = new Float32Array(x.length);
  const rules = typeof policy === "string" ? policies[policy] : policy;
  quantizeReference(x, out, format, {...options, rounding, policy: rules, random: place});
  return out;
};

const implementations: [string, Cast][] = [
  ["kernel", castByKernel],
  ["reference", castByReference],
];

const hex = (bits: number) => `0x${bits.toString(16).padStart(8, "0")}`;

/** Fails with the first input whose two results differ in their bits. */
function expectSameBits(x: Float32Array, actual: Float32Array, expected: Float32Array): void {
  const [inputs, a, e] = [x, actual, expected].map(bitsOfFloats);
  const i = a.findIndex((bits, at) => bits !== e[at]);
  if (i >= 0) expect.fail(`${hex(inputs[i])} became ${hex(a[i])} instead of ${hex(e[i])} (${expected[i]})`);
  expect(actual).toHaveLength(expected.length);
}

/** The same with NaN compared by class. */
function expectSameValues(x: Float32Array, actual: Float32Array, expected: Float32Array): void {
  const canonical = (values: Float32Array) => values.map((y) => (Number.isNaN(y) ? Number.NaN : y));
  expectSameBits(x, canonical(actual), canonical(expected));
}

/** Formats at the limits of what the kernels' fast paths can do. */
const extremes = [
  ...[
    "e8m1",
    "e8m22",
    "e7m22",
    "e7m23",
    "e6m23",
    "e6m21",
    "e6m0",
    "e5m0ieee",
    "e1m2",
    "e1m22",
    "e2m0",
    "e6m4fn",
  ],
  ...[
    "e0m3b1",
    "e4m3-nosub",
    "e2m1-nosub",
    "ue4m3b12",
    "e8m3b130",
    "binary8p1ue",
    "binary16p8se",
    "binary12p5uf",
  ],
  ...["int5sym", "uint3", "fixed16.20", "ufixed8.3"],
].map((name) => parseFormat(name));
const all = [...catalogue, ...extremes].map((format) => [format.name, format] as const);

/** Every `step`-th value from one that differs from name to name. */
const some = (x: Float32Array, step: number, name = ""): Float32Array => {
  const first = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) % step;
  return x.filter((_, i) => i % step === first);
};

/** About 1500 values of all kinds, with the midpoints of the format. */
function mixture(format: Format): Float32Array {
  const ties = midpoints(format);
  const parts = [some(allBfloat16, 128, format.name), some(aroundPowersOfTwo, 320, format.name)];
  return concatenate(...parts, oddities, some(ties, Math.ceil(ties.length / 700), format.name));
}

/** Those of the presets that treat the format in different ways. */
function differentPolicies(format: Format, rounding: RoundingMode): readonly Policy[] {
  const byRules = new Map(
    Object.values(policies).map((policy) => {
      const {constants} = quantizer(format, {policy, rounding});
      return [JSON.stringify(constants), policy] as const;
    }),
  );
  return [...byRules.values()];
}

describe.each(all)("casts to %s", (_, format) => {
  test("are the same by kernel and reference in every mode and under every policy", () => {
    const x = mixture(format);
    Object.keys(roundings).forEach((name, mode) => {
      const rounding = name as RoundingMode;
      // Numbers of random bits on both sides of those that the format drops.
      const bitCounts = isStochastic(rounding) ? [undefined, [3, 8, 13, 20, 22, 32][mode % 6]] : [undefined];
      for (const policy of differentPolicies(format, rounding)) {
        for (const bits of bitCounts) {
          // Two elements may share a word of random bits: from the first of a pair on, and from the second.
          const options = {rounding, bits, policy, startIndex: bits === undefined ? 4 : 5};
          expectSameBits(x, castByKernel(x, format, options), castByReference(x, format, options));
        }
      }
    });
  });
});

test.each(["e4m3fn", "e5m2", "e4m3fnuz", "binary8p3se", "e2m1", "bf16", "int8"].map((name) => [name]))(
  "casts of all float16 and bfloat16 values to %s are the same by kernel and reference",
  (name) => {
    const x = concatenate(allBfloat16, allFloat16, aroundPowersOfTwo);
    const format = parseFormat(name);
    for (const policy of ["default", "ocp-saturate"] as const) {
      expectSameBits(x, castByKernel(x, format, {policy}), castByReference(x, format, {policy}));
    }
  },
);

describe.each(implementations)("the %s", (_, cast) => {
  test.each(["float8_e4m3fn", "float8_e5m2", "float4_e2m1fn", "float16"])(
    "agrees with ml_dtypes on %s",
    (name) => {
      const read = (file: string) => {
        const bytes = gunzipSync(readFileSync(new URL(`../fixtures/casts/${file}.f32.gz`, import.meta.url)));
        return new Float32Array(Uint8Array.from(bytes).buffer);
      };
      const x = read("inputs");
      expectSameValues(x, cast(x, parseFormat(name)), read(name));
    },
  );

  const named = (formats: readonly Format[]) => formats.map((format) => [format.name, format] as const);
  const tabled = catalogue.filter((format) => codeBits(format) <= 16);
  test.each(named(tabled))("leaves every value of %s as it is", (_, format) => {
    const values = Float32Array.from(valueTable(format)).filter((x) => Number.isFinite(x));
    expectSameValues(values, cast(values, format), values);
  });

  const floats = tabled.filter(({kind}) => kind === "float");
  test.each(named(floats))(
    "takes every midpoint of %s to the even code, and its neighbours to the nearer value",
    (_, format) => {
      const table = valueTable(format);
      const codes = Array.from(table.keys()).filter(
        (c) => table[c] >= 0 && table[c + 1] > table[c] && table[c + 1] < 1 / 0,
      );
      const ties = Float32Array.from(codes, (code) => (table[code] + table[code + 1]) / 2);
      const isExact = codes.every((code, i) => ties[i] === (table[code] + table[code + 1]) / 2);
      expect(isExact).toBe(true);
      const expected = (pick: (code: number) => number) =>
        Float32Array.from(codes, (code) => table[pick(code)]);
      const step = (x: Float32Array, by: number) => floatsOfBits(bitsOfFloats(x).map((bits) => bits + by));
      const policy = {...policies.default, overrides: {}};
      const rounded = (x: Float32Array) => cast(x, format, {rounding: "nearest-even", policy});
      expectSameBits(
        ties,
        rounded(ties),
        expected((code) => code + (code % 2)),
      );
      expectSameBits(
        ties,
        rounded(step(ties, -1)),
        expected((code) => code),
      );
      expectSameBits(
        ties,
        rounded(step(ties, 1)),
        expected((code) => code + 1),
      );
    },
  );

  const one = (x: number, name: string, options?: Options) =>
    cast(Float32Array.of(x), parseFormat(name), options)[0];

  test("overflows as the policy says", () => {
    expect(one(464, "e4m3fn")).toBe(448);
    expect(one(464.0001, "e4m3fn")).toBeNaN();
    expect(one(Number.NEGATIVE_INFINITY, "e4m3fn", {policy: "ocp"})).toBeNaN();
    expect(one(-61440, "e5m2")).toBe(Number.NEGATIVE_INFINITY);
    expect(one(-61440, "e5m2", {policy: "ocp-saturate"})).toBe(-57344);
    expect(one(Number.NEGATIVE_INFINITY, "e5m2", {policy: "ocp-saturate"})).toBe(-57344);
    expect(one(Number.POSITIVE_INFINITY, "e2m1")).toBe(6);
    const mixed: Policy = {...policies.ocp, finiteOverflow: "nan", infiniteInput: "largest"};
    expect(one(1e9, "e5m2", {policy: mixed})).toBeNaN();
    expect(one(Number.POSITIVE_INFINITY, "e5m2", {policy: mixed})).toBe(57344);
    expect(one(Number.POSITIVE_INFINITY, "fp32", {policy: "ocp-saturate"})).toBe(3.4028234663852886e38);
  });

  test("gives NaN, in a format without it, what the policy says", () => {
    const nans = floatsOfBits([0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001]);
    expect([...cast(nans, parseFormat("e2m1"))]).toEqual([-0, 0, -0, 0]);
    expect([...cast(nans, parseFormat("e2m1"), {policy: "ocp"})]).toEqual([6, 6, 6, 6]);
    expect([...cast(nans, parseFormat("int8"))]).toEqual([0, 0, 0, 0]);
  });

  test("makes every NaN canonical", () => {
    const nans = floatsOfBits([0x7fc00001, 0xffc00000, 0x7f800001, 0xffffffff, 0xc8000000]);
    expect([...bitsOfFloats(cast(nans, parseFormat("e4m3fn")))].map(hex)).toEqual(
      Array(5).fill("0x7fc00000"),
    );
  });

  test("keeps the sign of zero or drops it", () => {
    const x = Float32Array.of(-0, -1e-30, 0, 1e-30, -1, 1, -0, -1e-30);
    expect([...cast(x, parseFormat("e4m3fn"))]).toEqual([-0, -0, 0, 0, -1, 1, -0, -0]);
    const policy: Policy = {...policies.ml_dtypes, negativeZero: "drop"};
    expect([...cast(x, parseFormat("e4m3fn"), {policy})]).toEqual([0, 0, 0, 0, -1, 1, 0, 0]);
  });

  test("rounds to integers with ties to even, saturates, and has one zero", () => {
    const x = Float32Array.of(
      0.5,
      1.5,
      2.5,
      -0.5,
      -1.5,
      -0,
      7.4,
      7.5,
      1e30,
      -8.5,
      -9,
      Number.NEGATIVE_INFINITY,
    );
    expect([...cast(x, parseFormat("int4"))]).toEqual([0, 2, 2, 0, -2, 0, 7, 7, 7, -8, -8, -8]);
  });

  test("without mantissa bits takes ties to the even exponent field", () => {
    const ties = Float32Array.of(0.125, 0.375, 0.75, 1.5, 3, 6, 12, -12);
    const e3m0 = parseFormat("e3m0") as FloatFormat;
    expect([...cast(ties, e3m0)]).toEqual([0, 0.5, 0.5, 2, 2, 8, 8, -8]);
    expect(cast(Float32Array.of(24), e3m0)[0]).toBe(16);
    const halved = ties.map((x) => x / 2);
    expect([...cast(halved, {...e3m0, bias: 4})]).toEqual([0, 0.25, 0.25, 1, 1, 4, 4, -4]);
  });

  test("casts x · scale and divides by the scale", () => {
    const x = Float32Array.of(1, 3, 1000, -1e-3, -0, 0.1);
    const format = parseFormat("e4m3fn");
    for (const scale of [0.25, -2, 3, 1e-38]) {
      const scaled = cast(
        x.map((value) => value * Math.fround(scale)),
        format,
      );
      const expected = scaled.map((value) => value / Math.fround(scale));
      expectSameValues(x, cast(x, format, {scale}), expected);
    }
  });
});

const anyFormat: fc.Arbitrary<Format> = fc
  .record({
    exponentBits: fc.integer({min: 1, max: 8}),
    mantissaBits: fc.integer({min: 0, max: 23}),
    suffix: fc.constantFrom("", "fn"),
    lift: fc.integer({min: -60, max: 60}),
  })
  .filter(({exponentBits, mantissaBits, suffix}) => exponentBits < 8 || (mantissaBits > 0 && suffix === ""))
  .map(({exponentBits, mantissaBits, suffix, lift}) => {
    const format = parseFormat(`e${exponentBits}m${mantissaBits}${suffix}`);
    if (format.kind !== "float" || exponentBits > 6) return format;
    return {...format, bias: format.bias + lift, name: `${format.name} with bias ${format.bias + lift}`};
  });

const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    finiteOverflow: fc.constantFrom("infinity", "nan", "largest"),
    infiniteInput: fc.constantFrom("infinity", "nan", "largest"),
    nanReplacement: fc.constantFrom("opposite-zero", "largest"),
    negativeZero: fc.constantFrom("keep", "drop"),
  } as const)
  .map((rules) => ({...policies.default, ...rules}));

const anyRounding = fc.oneof(
  {weight: 2, arbitrary: fc.constant({rounding: "nearest-even"} as const)},
  fc.record({
    rounding: fc.constantFrom(...(Object.keys(roundings) as RoundingMode[])),
    bits: fc.option(fc.integer({min: 1, max: 32}), {nil: undefined}),
    startIndex: fc.integer({min: 0, max: 0xffffffff}),
  }),
);

const anyScale = fc.oneof(
  fc.constant(1),
  fc.integer({min: -130, max: 127}).map((exponent) => Math.fround(2 ** exponent)),
  fc.float({noNaN: true, noDefaultInfinity: true}).filter((scale) => scale !== 0),
);

/** Bits of any float, of floats of ordinary size, and of floats that sit on or beside a tie of few bits. */
const anyBits = fc.oneof(
  fc.integer({min: 0, max: 0xffffffff}),
  fc.float({min: Math.fround(-1000), max: 1000, noNaN: true}).map((x) => bitsOfFloats(Float32Array.of(x))[0]),
  fc
    .tuple(fc.integer({min: 0, max: 0x1ff}), fc.integer({min: 0, max: 63}), fc.integer({min: -1, max: 1}))
    .map(([high, fraction, nudge]) => Math.max(0, high * 0x800000 + fraction * 0x20000 + nudge)),
);

test("kernel and reference agree on any format, bias, policy, rounding, scale and length", () => {
  fc.assert(
    fc.property(
      anyFormat,
      anyPolicy,
      anyRounding,
      anyScale,
      fc.array(anyBits, {maxLength: 100, size: "max"}),
      (format, policy, rounding, scale, bits) => {
        const x = floatsOfBits(bits);
        const options = {...rounding, policy, scale};
        expectSameBits(x, castByKernel(x, format, options), castByReference(x, format, options));
      },
    ),
    {numRuns: 3000},
  );
});

test("the kernels write exactly `count` values, at any alignment and beside the input", () => {
  const x = Float32Array.from({length: 40}, (_, i) => (i - 20) * 1.37);
  const address = kernels.allocate(2 * x.byteLength);
  const out = address + x.byteLength;
  for (const name of ["e4m3fn", "e3m0", "int4"]) {
    for (let count = 0; count <= 33; count++) {
      kernels.float32(address, x.length).set(x);
      kernels.float32(out, x.length).fill(99);
      quantizeScaled(kernels, quantizer(name), address + 4, out + 8, count, 1);
      const expected = new Float32Array(x.length).fill(99);
      expected.set(castByReference(x.subarray(1, 1 + count), parseFormat(name)), 2);
      expect(kernels.float32(out, x.length)).toEqual(expected);
      expect(kernels.float32(address, x.length)).toEqual(x);
    }
  }
});
