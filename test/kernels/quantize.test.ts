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
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {quantize as quantizeReference} from "../../src/kernels/reference/quantize.js";
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
  readonly policy?: Policy | PresetName;
  readonly scale?: number;
}
type Cast = (x: Float32Array, format: Format, options?: Options) => Float32Array;

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** The kernel's answer, computed in place. */
const castByKernel: Cast = (x, format, {policy = "default", scale = 1} = {}) => {
  const mark = kernels.mark();
  const address = kernels.allocate(x.byteLength);
  kernels.float32(address, x.length).set(x);
  quantizeScaled(kernels, quantizer(format, {policy}), address, address, x.length, scale);
  const result = kernels.float32(address, x.length).slice();
  kernels.release(mark);
  return result;
};

const castByReference: Cast = (x, format, {policy = "default", scale = 1} = {}) => {
  const out = new Float32Array(x.length);
  const rules = typeof policy === "string" ? policies[policy] : policy;
  quantizeReference(x, out, format, {rounding: "nearest-even", policy: rules, scale});
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

const everyFloat16AndBfloat16 = concatenate(allBfloat16, allFloat16, aroundPowersOfTwo, oddities);

/** Formats at the limits of what the kernel's fast path can do. */
const extremes = ["e8m1", "e8m22", "e7m22", "e7m23", "e6m0", "e1m2", "e1m22", "e2m0", "e6m4fn"].map(
  parseFormat,
);
/** Whether the kernels know the format and the policy. */
const isBuilt = (format: Format, policy: PresetName = "default"): boolean => {
  try {
    return quantizer(format, {policy}) !== undefined;
  } catch {
    return false;
  }
};
const built = catalogue.filter((format) => isBuilt(format));
const all = [...built, ...extremes].map((format) => [format.name, format] as const);

describe.each(all)("casts to %s", (_, format) => {
  test("are the same by kernel and reference under every policy", () => {
    const x = concatenate(everyFloat16AndBfloat16, midpoints(format));
    const known = (Object.keys(policies) as PresetName[]).filter((name) => isBuilt(format, name));
    for (const policy of known) {
      expectSameBits(x, castByKernel(x, format, {policy}), castByReference(x, format, {policy}));
    }
  });
});

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

  const tabled = built.filter((format) => codeBits(format) <= 16);
  test.each(tabled.map((format) => [format.name, format] as const))(
    "leaves every value of %s as it is",
    (_, format) => {
      const values = Float32Array.from(valueTable(format));
      expectSameValues(values, cast(values, format), values);
    },
  );

  test.each(tabled.map((format) => [format.name, format] as const))(
    "takes every midpoint of %s to the even code, and its neighbours to the nearer value",
    (_, format) => {
      const table = valueTable(format);
      const codes = Array.from({length: table.length / 2 - 1}, (_, code) => code).filter(
        (c) => table[c + 1] < 1 / 0,
      );
      const ties = Float32Array.from(codes, (code) => (table[code] + table[code + 1]) / 2);
      const evens = Float32Array.from(codes, (code) => table[code + (code % 2)]);
      const step = (x: Float32Array, by: number) => floatsOfBits(bitsOfFloats(x).map((bits) => bits + by));
      const isExact = codes.every((code, i) => ties[i] === (table[code] + table[code + 1]) / 2);
      expect(isExact).toBe(true);
      expectSameBits(ties, cast(ties, format), evens);
      expectSameBits(
        ties,
        cast(step(ties, -1), format),
        Float32Array.from(codes, (code) => table[code]),
      );
      expectSameBits(
        ties,
        cast(step(ties, 1), format),
        Float32Array.from(codes, (code) => table[code + 1]),
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

test("kernel and reference agree on any format, bias, policy, scale and length", () => {
  fc.assert(
    fc.property(
      anyFormat,
      anyPolicy,
      anyScale,
      fc.array(anyBits, {maxLength: 100, size: "max"}),
      (format, policy, scale, bits) => {
        const x = floatsOfBits(bits);
        expectSameBits(
          x,
          castByKernel(x, format, {policy, scale}),
          castByReference(x, format, {policy, scale}),
        );
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
