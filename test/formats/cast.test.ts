import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {type CastInput, caster, castValue} from "../../src/formats/cast.js";
import {catalogue} from "../../src/formats/catalogue.js";
import {codeBits, valueTable} from "../../src/formats/decode.js";
import {formatProperties} from "../../src/formats/derived.js";
import {hasValue} from "../../src/formats/encode.js";
import {parseFormat} from "../../src/formats/parse.js";
import type {Policy} from "../../src/formats/policy.js";
import {type PresetName, policies, presetFormat, presets} from "../../src/formats/preset.js";
import {isStochastic, type RoundingMode, roundings} from "../../src/formats/rounding.js";

const infinity = Number.POSITIVE_INFINITY;
const modes = Object.keys(roundings) as RoundingMode[];
const deterministic = modes.filter((mode) => !isStochastic(mode));

interface Rules extends CastInput {
  readonly rounding?: RoundingMode;
  readonly policy?: Policy | PresetName;
  readonly bits?: number;
}

function cast(
  x: number,
  name: string,
  {rounding = "nearest-even", policy = "default", ...rest}: Rules = {},
): number {
  const rules = typeof policy === "string" ? policies[policy] : policy;
  return castValue(x, parseFormat(name), {rounding, policy: rules, ...rest});
}

const withRules = (rules: Partial<Policy>): Policy => ({...policies.default, ...rules});

describe("rounding modes", () => {
  // Between 1 and 1.5 in E2M1, whose codes 2 and 3 make 1 the even one; between 1.5 and 2 the upper one is even.
  test.each<[RoundingMode, number[]]>([
    ["nearest-even", [1, 1, 1.5, 2, -1, -2]],
    ["nearest-away", [1, 1.5, 1.5, 2, -1.5, -2]],
    ["nearest-zero", [1, 1, 1.5, 1.5, -1, -1.5]],
    ["nearest-odd", [1, 1.5, 1.5, 1.5, -1.5, -1.5]],
    ["zero", [1, 1, 1, 1.5, -1, -1.5]],
    ["away", [1.5, 1.5, 1.5, 2, -1.5, -2]],
    ["up", [1.5, 1.5, 1.5, 2, -1, -1.5]],
    ["down", [1, 1, 1, 1.5, -1.5, -2]],
    ["odd", [1.5, 1.5, 1.5, 1.5, -1.5, -1.5]],
  ])("%s", (rounding, expected) => {
    const results = [1.125, 1.25, 1.375, 1.75, -1.25, -1.75].map((x) => cast(x, "e2m1", {rounding}));
    expect(results).toEqual(expected);
  });

  test("without mantissa bits the code is even where the exponent field is", () => {
    // binary8p1se has the bias 64, so 1 has the even code 64, and 2 the odd one 65.
    expect([1.5, 3, 6, 2 ** -64].map((x) => cast(x, "binary8p1se"))).toEqual([1, 4, 4, 0]);
    expect([1.5, 3].map((x) => cast(x, "binary8p1se", {rounding: "nearest-odd"}))).toEqual([2, 2]);
    expect([1.1, 3.9].map((x) => cast(x, "binary8p1se", {rounding: "odd"}))).toEqual([2, 2]);
  });

  test("leave every value of a format as it is, by every preset that keeps subnormals", () => {
    const kept = (["default", "ocp", "torch", "microxcaling", "gfloat"] as const).map(
      (name) => policies[name],
    );
    for (const format of catalogue.filter((known) => codeBits(known) <= 8)) {
      const values = [...valueTable(format)].filter((x) => !Number.isNaN(x) && !Object.is(x, -0));
      for (const rounding of modes) {
        for (const policy of kept) {
          const castTo = caster(format, {rounding, policy});
          const changed = values.filter((x) => castTo(x, {random: 0xffffffff}) !== x);
          if (changed.length > 0) expect.fail(`${format.name} by ${rounding} changed ${changed.join(", ")}`);
        }
      }
    }
  });

  test("give one of the two neighbours, the same for both signs but up and down", () => {
    const format = parseFormat("e3m2");
    const table = [...valueTable(format)].filter((x) => !Object.is(x, -0)).sort((a, b) => a - b);
    fc.assert(
      fc.property(fc.double({min: -28, max: 28, noNaN: true}), fc.constantFrom(...modes), (x, rounding) => {
        const random = 0x12345678;
        const y = cast(x, "e3m2", {rounding, random});
        const below = table.filter((value) => value <= x).at(-1);
        const above = table.find((value) => value >= x);
        expect([below, above]).toContainEqual(y + 0);
        const mirrored = rounding === "up" ? "down" : rounding === "down" ? "up" : rounding;
        expect(cast(-x, "e3m2", {rounding: mirrored, random})).toBe(-y);
      }),
    );
  });

  test("work on doubles far below and above the format", () => {
    for (const name of ["e4m3fn", "fp16", "e0m3b1", "e4m3-nosub"]) {
      const {smallest, largest} = formatProperties(parseFormat(name));
      for (const tiny of [5e-324, 1e-310, 1e-200]) {
        expect(cast(tiny, name, {rounding: "up"})).toBe(smallest);
        expect(cast(tiny, name, {rounding: "odd"})).toBe(smallest);
        expect(cast(tiny, name)).toBe(0);
      }
      expect(cast(1.7e308, name, {policy: "ocp-saturate"})).toBe(largest);
    }
    expect(cast(5e-324, "fp64")).toBe(5e-324);
    expect(cast(0.1, "fp64")).toBe(0.1);
    expect(cast(Number.MAX_VALUE, "fp64", {rounding: "away"})).toBe(Number.MAX_VALUE);
  });
});

describe("stochastic rounding", () => {
  // 1 + δ/8 in E4M3: goes up to 1.125.
  const goesUp = (delta: number, rules: Rules) => cast(1 + delta / 8, "e4m3fn", rules) === 1.125;
  const count = (delta: number, rounding: RoundingMode, bits: number) => {
    let ups = 0;
    for (let r = 0; r < 1 << bits; r++)
      ups += Number(goesUp(delta, {rounding, bits, random: r * 2 ** (32 - bits)}));
    return ups;
  };
  const nearest = (x: number, parity: number) => {
    const below = Math.floor(x);
    return x - below > 0.5 || (x - below === 0.5 && below % 2 !== parity) ? below + 1 : below;
  };

  test("with N bits as many of the 2^N words go up as its form says", () => {
    for (const bits of [1, 2, 3, 5, 8]) {
      for (let step = 0; step < 64; step++) {
        const delta = step / 64;
        const scaled = delta * 2 ** bits;
        expect(count(delta, "stochastic-a", bits)).toBe(Math.floor(scaled));
        expect(count(delta, "stochastic-b", bits)).toBe(Math.floor(scaled + 0.5));
        expect(count(delta, "stochastic-c", bits)).toBe(nearest(scaled, 0));
        expect(count(delta, "stochastic-odd", bits)).toBe(nearest(scaled, 1));
        expect(count(delta, "stochastic", bits)).toBe(nearest(scaled, 0));
      }
    }
  });

  test("only the top N bits of the word count", () => {
    for (const mode of ["stochastic-a", "stochastic-b", "stochastic-c", "stochastic-odd"] as const) {
      for (const random of [0x1fffffff, 0x7fffffff, 0xdfffffff]) {
        const top = random - (random % 2 ** 29);
        expect(goesUp(0.4, {rounding: mode, bits: 3, random})).toBe(
          goesUp(0.4, {rounding: mode, bits: 3, random: top}),
        );
      }
    }
  });

  test("with all bits goes up where (R + 1/2) / 2^32 < δ", () => {
    for (const delta of [2 ** -33, 2 ** -32, 0.25, 1 / 3, 1 - 2 ** -32]) {
      const threshold = Math.ceil(delta * 2 ** 32 - 0.5);
      const exactDelta = (1 + delta / 8 - 1) * 8; // as the double 1 + δ/8 holds it
      expect(exactDelta).toBeCloseTo(delta, 12);
      if (threshold > 0) expect(goesUp(delta, {rounding: "stochastic", random: threshold - 1})).toBe(true);
      expect(goesUp(delta, {rounding: "stochastic", random: threshold + 1})).toBe(false);
    }
  });

  test("with equal chances follows the top bit for whatever is inexact", () => {
    for (const delta of [2 ** -40, 0.5, 0.99]) {
      expect(goesUp(delta, {rounding: "stochastic-equal", random: 0x80000000})).toBe(true);
      expect(goesUp(delta, {rounding: "stochastic-equal", random: 0x7fffffff})).toBe(false);
    }
  });

  test("has the mean of its input, over all words of 12 bits", () => {
    const x = 1 + 0.3 / 8;
    let sum = 0;
    for (let r = 0; r < 4096; r++) sum += cast(x, "e4m3fn", {rounding: "stochastic", random: r * 2 ** 20});
    expect(sum / 4096).toBeCloseTo(x, 4);
  });
});

describe("overflow", () => {
  test("by rounding is that of IEEE 754, section 7.4", () => {
    const policy = withRules({finiteOverflow: "by-rounding"});
    const results = (x: number, name = "fp16") =>
      deterministic.map((rounding) => cast(x, name, {rounding, policy}));
    const pick = (inward: RoundingMode[], largest: number, outward: number) =>
      deterministic.map((mode) => (inward.includes(mode) ? largest : outward));
    expect(results(1e6)).toEqual(pick(["zero", "down"], 65504, infinity));
    expect(results(-1e6)).toEqual(pick(["zero", "up"], -65504, -infinity));
    expect(results(1e6, "e4m3fn")).toEqual(pick(["zero", "down"], 448, Number.NaN));
  });

  test("is decided after rounding", () => {
    const up: Rules = {rounding: "up", policy: "ocp"};
    expect([464, 464.001, 479].map((x) => cast(x, "e4m3fn", {policy: "ocp"}))).toEqual([
      448,
      Number.NaN,
      Number.NaN,
    ]);
    expect([448, 448.001, -479].map((x) => cast(x, "e4m3fn", up))).toEqual([448, Number.NaN, -448]);
    expect(cast(479, "e4m3fn", {rounding: "zero", policy: "ocp"})).toBe(448);
  });

  test.each<[PresetName, string, RoundingMode, number[]]>([
    // 300, -300, ∞, -∞ into formats that end at 224 or 240
    ["p3109-saturate-finite", "binary8p4se", "nearest-even", [224, -224, 224, -224]],
    ["p3109-saturate-finite", "binary8p4sf", "nearest-even", [240, -240, 240, -240]],
    ["p3109-saturate-propagate", "binary8p4se", "nearest-even", [224, -224, infinity, -infinity]],
    ["p3109-saturate-propagate", "binary8p4sf", "nearest-even", [240, -240, 240, -240]],
    ["p3109-overflow-infinity", "binary8p4se", "nearest-even", [infinity, -infinity, infinity, -infinity]],
    ["p3109-overflow-infinity", "binary8p4se", "zero", [224, -224, infinity, -infinity]],
    ["p3109-overflow-infinity", "binary8p4se", "up", [infinity, -224, infinity, -infinity]],
    ["p3109-overflow-infinity", "binary8p4se", "down", [224, -infinity, infinity, -infinity]],
    ["p3109-overflow-infinity", "binary8p4sf", "nearest-even", [240, -240, 240, -240]],
    ["p3109-overflow-infinity", "binary8p5ue", "nearest-even", [infinity, 0, infinity, 0]],
    ["p3109-saturate-propagate", "binary8p5ue", "nearest-even", [232, 0, infinity, 0]],
    ["p3109-saturate-finite", "binary8p5uf", "nearest-even", [240, 0, 240, 0]],
  ])("%s, %s, %s", (policy, name, rounding, expected) => {
    expect([300, -300, infinity, -infinity].map((x) => cast(x, name, {rounding, policy}))).toEqual(expected);
  });

  test("of integers saturates or wraps", () => {
    const wrap = withRules({integerOverflow: "wrap"});
    expect([127.5, 128, 300, -129, 1e300, infinity].map((x) => cast(x, "int8", {policy: wrap}))).toEqual([
      ...[-128, -128, 44, 127, 0, 0],
    ]);
    expect([-1, 15.6, 16].map((x) => cast(x, "uint4", {policy: wrap}))).toEqual([15, 0, 0]);
    expect([127.5, -129, infinity, Number.NaN].map((x) => cast(x, "int8"))).toEqual([127, -128, 127, 0]);
    expect([-200, -1.984375, 1.99, 5].map((x) => cast(x, "fixed8.6sym"))).toEqual([
      ...[-1.984375, -1.984375, 1.984375, 1.984375],
    ]);
    expect(cast(-2.5, "mxint8")).toBe(-2);
    expect(cast(-3, "uint8")).toBe(0);
  });
});

describe("special values", () => {
  test("what the format lacks is replaced by the next in the order infinity, NaN, largest", () => {
    expect(cast(infinity, "e4m3fnuz")).toBeNaN();
    expect(cast(infinity, "e2m1")).toBe(6);
    expect(cast(-infinity, "e2m1", {policy: "microxcaling"})).toBe(-infinity);
    expect(cast(infinity, "pow2")).toBe(infinity);
  });

  test("NaN stays NaN where there is one", () => {
    for (const name of ["fp16", "e4m3fn", "e4m3fnuz", "binary8p3ue", "e8m0"])
      expect(cast(Number.NaN, name)).toBeNaN();
    const nan = (policy: PresetName, isNegativeNan: boolean) =>
      cast(Number.NaN, "e3m2", {policy, isNegativeNan});
    expect([nan("ml_dtypes", false), nan("ml_dtypes", true)]).toEqual([-0, 0]);
    expect(nan("onnx", true)).toBe(28);
    expect(nan("unit-scaling", false)).toBeNaN();
  });

  test("zero has a sign where format and policy keep it", () => {
    expect(cast(-0, "e4m3fnuz")).toBe(0);
    expect(cast(-1e-30, "binary8p3se")).toBe(0);
    const inputs = [-0, -1e-30];
    expect(inputs.map((x) => cast(x, "e2m1"))).toEqual([-0, -0]);
    expect(inputs.map((x) => cast(x, "e2m1", {policy: "transformer-engine"}))).toEqual([0, -0]);
    expect(inputs.map((x) => cast(x, "e5m2", {policy: "chop"}))).toEqual([0, 0]);
  });

  test("E8M0 has neither zero nor sign", () => {
    const x = [0, -1, 1.49, 1.5, 3, 2 ** -140, 2 ** 127 * 1.5];
    const rounded = (policy: PresetName) =>
      x.map((value) => cast(value, "e8m0", {policy, rounding: presetRoundingOf(policy)}));
    expect(rounded("ml_dtypes")).toEqual([Number.NaN, Number.NaN, 1, 2, 4, 2 ** -127, Number.NaN]);
    expect(rounded("torch")).toEqual([2 ** -127, 1, 1, 2, 4, 2 ** -127, Number.NaN]);
    expect(rounded("onnx")).toEqual([2 ** -127, 1, 2, 2, 4, 2 ** -127, 2 ** 127]);
    expect(rounded("ocp-saturate").slice(2, 5)).toEqual([1, 1, 2]);
  });

  const presetRoundingOf = (name: PresetName): RoundingMode =>
    (presets[name] as {roundings?: Record<string, RoundingMode>}).roundings?.e8m0 ?? "nearest-even";
});

describe("subnormals", () => {
  const justBelowNormal = 0.99; // in E2M1, whose smallest normal value is 1 and smallest value 0.5

  test("are flushed after rounding or before it", () => {
    const after = withRules({subnormalOutput: "flush-after"});
    const before = withRules({subnormalOutput: "flush-before"});
    expect([justBelowNormal, 0.6, -0.6, 1].map((x) => cast(x, "e2m1", {policy: after}))).toEqual([
      1, 0, -0, 1,
    ]);
    expect([justBelowNormal, 0.6, -0.6, 1].map((x) => cast(x, "e2m1", {policy: before}))).toEqual([
      0, 0, -0, 1,
    ]);
  });

  test("are rounded to zero or the smallest normal value by the mode", () => {
    const policy = withRules({subnormalOutput: "zero-or-normal"});
    const at = (x: number, rounding: RoundingMode) => cast(x, "e2m1", {policy, rounding});
    expect([0.5, 0.51, 0.01].map((x) => at(x, "nearest-even"))).toEqual([0, 1, 0]);
    expect([at(0.5, "nearest-away"), at(0.01, "up"), at(-0.01, "up"), at(0.99, "zero")]).toEqual([
      1, 1, -0, 0,
    ]);
  });

  test("are absent where exponent field 0 is one more normal binade", () => {
    // 0, then 1.125 · 2^-7 and so on in steps of 2^-10
    const smallest = 1.125 * 2 ** -7;
    expect(formatProperties(parseFormat("e4m3-nosub"))).toMatchObject({
      ...{smallest, smallestNormal: smallest, smallestSubnormal: null, minimumExponent: -7},
    });
    expect([smallest / 2, smallest * 0.51, 1.26 * 2 ** -7].map((x) => cast(x, "e4m3-nosub"))).toEqual([
      ...[0, smallest, 1.25 * 2 ** -7],
    ]);
    expect(cast(2 ** -30, "e4m3-nosub", {rounding: "up"})).toBe(smallest);
  });

  test("of float32 as inputs count as zero where the policy says so", () => {
    const policy = withRules({subnormalInput: "zero"});
    expect([2 ** -127, -(2 ** -130), 2 ** -126].map((x) => cast(x, "bf16", {policy}))).toEqual([
      0,
      -0,
      2 ** -126,
    ]);
  });
});

describe("defects seen in other simulators", () => {
  test("exponents are right at every power of two, 16 float32 steps around it", () => {
    const fields = new Uint32Array(1);
    const float = new Float32Array(fields.buffer);
    for (let exponent = 1; exponent < 255; exponent++) {
      for (let step = -16; step <= 16; step++) {
        fields[0] = exponent * 0x800000 + step;
        const x = float[0];
        expect(cast(x, "fp32", {rounding: "zero"})).toBe(x);
        const power = 2 ** (exponent - 127);
        const cut = cast(x, "e8m7", {rounding: "zero"});
        if (exponent > 1) expect(cut).toBe(step < 0 ? power * (1 - 2 ** -8) : power);
      }
    }
  });

  test("microxcaling as published is one binade off there, and the corrected one is not", () => {
    const x = 8 - 2 ** -21; // the float32 below 8
    const published = cast(x, "e4m3fn", {policy: "microxcaling", rounding: "zero"});
    expect([published, cast(x, "e4m3fn", {policy: "microxcaling-corrected", rounding: "zero"})]).toEqual([
      7, 7.5,
    ]);
    const half = 2 ** -10 - 2 ** -34; // the float32 below half of the smallest value
    expect(cast(half, "e4m3fn", {policy: "microxcaling"})).toBe(2 ** -9);
    expect(cast(half, "e4m3fn", {policy: "microxcaling-corrected"})).toBe(0);
  });

  test("a value is rounded once, not by way of a wider format", () => {
    const x = 1 + 2 ** -4 + 2 ** -20; // just above a tie of E4M3, on which bf16 would put it
    expect([cast(x, "e4m3fn"), cast(cast(x, "bf16"), "e4m3fn")]).toEqual([1.125, 1]);
  });

  test("presets give values of their format, or those which they say that they leave", () => {
    const leaves = new Set([
      "microxcaling",
      "microxcaling-corrected",
      "unit-scaling",
      "gfloat",
      "gfloat-saturate",
      "chop",
    ]);
    for (const name of Object.keys(presets) as PresetName[]) {
      for (const format of ["e4m3", "e5m2", "e2m1", "e8m0", "binary8p3ue", "int4", "nf4", "bf16"]) {
        const target = presetFormat(presets[name], format);
        for (const x of [0, -0, 0.3, -0.3, 3.3, 1e9, -1e9, 1e-39, infinity, -infinity, Number.NaN]) {
          const y = castValue(x, target, {rounding: "nearest-even", policy: policies[name]});
          if (!hasValue(target, y)) expect([name, x, y]).toEqual([leaves.has(name) ? name : "", x, y]);
        }
      }
    }
  });
});
