import {describe, expect, it} from "vitest";
import {computeOptimal} from "../../src/laws/compute-optimal.js";
import {criticalTokens, criticalTokensInTraining} from "../../src/laws/critical-tokens.js";
import {effectiveParameters, floatingPointEffectiveParameters} from "../../src/laws/effective-parameters.js";
import {blockSizeOf, channelBlockSize} from "../../src/laws/floating-point.js";
import {
  bitsForParameters,
  bitsForTokens,
  combine,
  floatingPointOptimal,
} from "../../src/laws/floating-point-optima.js";
import {lawOf} from "../../src/laws/index.js";
import {constantsOf, lossAt} from "../../src/laws/law.js";
import {integerLayoutFor, layoutFor} from "../../src/laws/layout.js";
import {minimise} from "../../src/laws/solve.js";

const law = lawOf("floating-point");
const {values} = law.published[0];
const constants = constantsOf(law, values);

describe("the floating-point law with Sun's constants", () => {
  it("splits 1 to 16 bits as published", () => {
    const printed = "E0M0 E1M0 E1M1 E2M1 E2M2 E3M2 E3M3 E4M3 E4M4 E5M4 E5M5 E6M5 E6M6 E7M6 E7M7 E8M7".split(
      " ",
    );
    const found = printed.map((_, i) => {
      const {exponentBits, mantissaBits} = integerLayoutFor(i + 1, values);
      return `E${exponentBits}M${mantissaBits}`;
    });
    expect(found).toEqual(printed);
  });

  it("loses least at the split in closed form", () => {
    for (const bits of [3, 4.5, 8, 16]) {
      const {exponentBits, mantissaBits} = layoutFor(bits, values);
      expect(exponentBits + mantissaBits + 1).toBeCloseTo(bits, 12);
      const point = {parameters: 1e8, tokens: 1e11, blockSize: 128};
      const loss = (exponentBits: number) =>
        lossAt(law, values, {...point, exponentBits, mantissaBits: bits - 1 - exponentBits});
      expect(minimise(loss, -0.49, bits - 0.51).at).toBeCloseTo(exponentBits, 3);
    }
  });

  it("combines its constants to these of P bits in the best split", () => {
    const {gammaRho, gammaN, gammaFixedTokens} = combine(values);
    expect(gammaRho.toFixed(3)).toBe("160.697");
    expect(gammaN.toFixed(1)).toBe("11125.8");
    expect(gammaFixedTokens.toFixed(7)).toBe("0.0022433");
  });

  it.each([
    ["E8M7", 128, 1730],
    ["E4M3", 128, 27.3],
    ["E5M2", 128, 19.4],
    ["E3M2", 128, 4.8],
    ["E2M1", 128, 0.393],
    ["E1M2", 128, 0.349],
    ["E1M1", 128, 0.0809],
    ["E4M3", 32, 37.9],
    ["E4M3", 64, 31.7],
    ["E4M3", 512, 21.4],
    ["E4M3", "channel", 14.8],
  ])(
    "makes more tokens hurt a model of a billion parameters in %s, blocks of %s, from %f trillion on",
    (format, block, printed) => {
      const point = {parameters: 1e9, blockSize: blockSizeOf(String(block)), ...bitsOf(format)};
      const closed = criticalTokensInTraining(values, point);
      expect(Number((closed / 1e12).toPrecision(3))).toBe(printed);
      expect(criticalTokens(law, constants, point) / closed).toBeCloseTo(1, 5);
    },
  );

  it("has no critical data size without rounding", () => {
    expect(criticalTokens(law, constants, {parameters: 1e9})).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [1e10, "3.52"],
    [1e11, "4.27"],
    [1e12, "5.18"],
    [1e13, "6.28"],
    [1e14, "7.62"],
    [1e15, "9.25"],
  ])("wants for %s tokens %s bits, whatever the compute", (tokens, printed) => {
    const bits = bitsForTokens(values, {tokens, blockSize: 128});
    expect(bits.toFixed(2)).toBe(printed);
    for (const compute of [1e20, 1e24]) {
      const numeric = computeOptimal(law, constants, {compute, tokens, rest: {blockSize: 128}});
      expect(numeric.bits).toBeCloseTo(bits, 4);
      expect(numeric.tokens / tokens).toBeCloseTo(1, 12);
    }
  });

  it.each([
    [1e8, 1e21],
    [1e9, 1e22],
    [7e10, 1e25],
  ])("wants for %s parameters and %s FLOPs the bits of the closed form", (parameters, compute) => {
    const bits = bitsForParameters(values, {parameters, compute, blockSize: 128});
    const numeric = computeOptimal(law, constants, {compute, parameters, rest: {blockSize: 128}});
    expect(numeric.bits).toBeCloseTo(bits, 4);
  });

  it.each([
    [1e21, "4.190"],
    [1e24, "5.005"],
    [1e27, "5.979"],
    [1e28, "6.344"],
    [1e30, "7.142"],
    [1e31, "7.578"],
    [1e33, "8.531"],
  ])("wants for %s FLOPs %s bits, with N and D", (compute, printed) => {
    const closed = floatingPointOptimal(values, {compute, blockSize: 128});
    expect(closed.bits.toFixed(3)).toBe(printed);
    const numeric = computeOptimal(law, constants, {compute, rest: {blockSize: 128}});
    expect(numeric.bits).toBeCloseTo(closed.bits, 4);
    expect(numeric.parameters / closed.parameters).toBeCloseTo(1, 4);
    expect(numeric.tokens / closed.tokens).toBeCloseTo(1, 4);
    const {parameters, tokens, bits} = closed;
    expect(((6 / 16) * parameters * tokens * bits) / compute).toBeCloseTo(1, 12);
  });

  it("wants along a line of compute the bits at which P^(δ+ν+2β)·N^(α+2β) stays the same, and the joint optimum lies on it", () => {
    const {alpha, beta, delta, nu} = values;
    const compute = 1e24;
    const product = (parameters: number) =>
      bitsForParameters(values, {parameters, compute, blockSize: 128}) ** (delta + nu + 2 * beta) *
      parameters ** (alpha + 2 * beta);
    expect(product(1e11) / product(1e9)).toBeCloseTo(1, 10);
    const joint = floatingPointOptimal(values, {compute, blockSize: 128});
    expect(bitsForParameters(values, {...joint, compute, blockSize: 128})).toBeCloseTo(joint.bits, 9);
    expect(bitsForTokens(values, {...joint, blockSize: 128})).toBeCloseTo(joint.bits, 9);
  });

  const formats = [
    {},
    {...bitsOf("E4M3"), blockSize: 512},
    {...bitsOf("E2M1"), blockSize: channelBlockSize},
    {...bitsOf("E1M2"), blockSize: 512},
    {...bitsOf("E1M1"), blockSize: 32},
    {...bitsOf("E1M1"), blockSize: 512},
    {...bitsOf("E1M1"), blockSize: channelBlockSize},
    {...bitsOf("E0M7"), blockSize: channelBlockSize},
  ];
  const [small, large] = [10_485_760_000, 104_857_600_000];
  it.each([
    [40_894_464, small, "3.4607 3.4611 3.5048 3.4948 3.5463 3.6148 3.6859 3.5254"],
    [40_894_464, large, "3.1384 3.1397 3.2831 3.2502 3.4193 3.6441 3.8776 3.3508"],
    [154_140_672, small, "3.1665 3.1668 3.1987 3.1914 3.2290 3.2790 3.3310 3.2138"],
    [154_140_672, large, "2.8442 2.8451 2.9499 2.9259 3.0494 3.2135 3.3841 2.9993"],
    [679_477_248, small, "2.9305 2.9307 2.9531 2.9480 2.9745 3.0096 3.0462 2.9637"],
    [679_477_248, large, "2.6082 2.6088 2.6825 2.6656 2.7526 2.8681 2.9881 2.7173"],
    [1_233_125_376, large, "2.5344 2.5349 2.5989 2.5843 2.6597 2.7600 2.8643 2.6291"],
    [7_083_130_880, large, "2.3693 2.3696 2.4119 2.4022 2.4521 2.5184 2.5873 2.4319"],
  ])("gives for %i parameters and %i tokens these losses: %s", (parameters, tokens, printed) => {
    const losses = formats.map((format) => lossAt(law, values, {parameters, tokens, ...format}));
    expect(losses.map((loss) => loss.toFixed(4)).join(" ")).toBe(printed);
  });

  it("lets more text hurt 41 million parameters in E1M1 with a scale for each channel", () => {
    const format = {...bitsOf("E1M1"), blockSize: channelBlockSize};
    const loss = (tokens: number) => lossAt(law, values, {parameters: 40_894_464, tokens, ...format});
    expect(loss(large)).toBeGreaterThan(loss(small));
  });

  it("has effective parameters as in closed form, which fall with tokens", () => {
    const point = {parameters: 1e9, ...bitsOf("E2M1"), blockSize: 128};
    const found = [1e10, 1e11, 1e12].map((tokens) => {
      const closed = floatingPointEffectiveParameters(values, {...point, tokens});
      expect(effectiveParameters(law, constants, {...point, tokens}) / closed).toBeCloseTo(1, 9);
      return closed;
    });
    expect(found).toEqual(found.toSorted((a, b) => b - a));
  });
});

describe("blockSizeOf(text)", () => {
  it("reads numbers and channel", () => {
    expect(blockSizeOf("128")).toBe(128);
    expect(Math.log2(blockSizeOf("channel"))).toBeCloseTo(13.1567, 12);
  });

  it("says that tensor has no published constants, and what it takes", () => {
    expect(() => blockSizeOf("tensor")).toThrow(/published without its constants/);
    for (const text of ["", "row", "0", "-3"])
      expect(() => blockSizeOf(text)).toThrow(/a number of elements/);
  });
});

function bitsOf(format: string) {
  const [exponentBits, mantissaBits] = format.match(/\d+/g)!.map(Number);
  return {exponentBits, mantissaBits};
}
