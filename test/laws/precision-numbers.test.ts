import {describe, expect, it} from "vitest";
import {withBits} from "../../src/laws/bits.js";
import {bitsAtFixedParameters, chinchillaOptimal, computeOptimal} from "../../src/laws/compute-optimal.js";
import {criticalTokens, criticalTokensAfterTraining} from "../../src/laws/critical-tokens.js";
import {effectiveParameters, isoLoss, measuredShare} from "../../src/laws/effective-parameters.js";
import {lawOf} from "../../src/laws/index.js";
import {constantsOf, lossAt} from "../../src/laws/law.js";
import {
  activations,
  bitsOfMostParameters,
  cache,
  precisionFactor,
  precisionShare,
  weights,
} from "../../src/laws/precision.js";
import {rootOf} from "../../src/laws/solve.js";

const law = lawOf("precision");
const {values} = law.published[0];
const constants = constantsOf(law, values);
const withoutOffsets = lawOf("precision-without-offsets");
const bareValues = withoutOffsets.published[0].values;
const bareConstants = constantsOf(withoutOffsets, bareValues);
const postTraining = lawOf("post-training");
const degraded = postTraining.published[0].values;

const operands = [weights, activations, cache];
const share = (bits: number) => precisionShare(operands, true, constants, bits);
const bareShare = (bits: number) => precisionShare(operands, false, bareConstants, bits);
const {gamma_w, gamma_a, gamma_kv, n_w, n_a, n_kv} = values;
const tiedGamma = (gamma_w + gamma_a + gamma_kv) / 3;
const tiedShare = (bits: number) => precisionFactor(bits, tiedGamma, 0) ** 3;

const M = 1e6;
const B = 1e9;

describe("the precision law with Kumar's constants", () => {
  it.each([
    ["without offsets", bareShare, [0.479, 0.639, 0.754, 0.833, 0.887, 0.924, 0.984, 0.997]],
    ["with offsets", share, [Number.NaN, 0.191, 0.427, 0.611, 0.74, 0.828, 0.967, 0.994]],
  ] as const)("leaves this share of the parameters, %s", (_, of, printed) => {
    const bits = [3, 4, 5, 6, 7, 8, 12, 16];
    expect(bits.map((p) => of(p).toFixed(3))).toEqual(printed.map((share) => share.toFixed(3)));
  });

  it.each([
    [4, ".696 .331 .828"],
    [5, ".791 .575 .939"],
    [6, ".856 .730 .979"],
    [8, ".932 .891 .997"],
  ])("has at %i bits the factors %s of weights, activations, keys and values", (bits, printed) => {
    const factors = [
      precisionFactor(bits, gamma_w, n_w),
      precisionFactor(bits, gamma_a, n_a),
      precisionFactor(bits, gamma_kv, n_kv),
    ];
    expect(factors.map((factor) => factor.toFixed(3).slice(1)).join(" ")).toBe(printed);
  });

  it("has its joint optimum at 7.00 bits with offsets, 3.47 without, 3.71 with one γ for all", () => {
    expect(bitsOfMostParameters(share).toFixed(2)).toBe("7.00");
    expect(bitsOfMostParameters(bareShare).toFixed(2)).toBe("3.47");
    expect(bitsOfMostParameters(tiedShare).toFixed(2)).toBe("3.71");
    // Closed form of the tied case: e^x = 1 + 3x.
    const x = rootOf((x) => Math.exp(x) - 1 - 3 * x, 1, 3);
    expect(x.toFixed(5)).toBe("1.90381");
    expect(bitsOfMostParameters(tiedShare)).toBeCloseTo(x * tiedGamma, 6);
    const joint = law.derived.find(({name}) => name === "jointBits")!;
    expect(joint.of(constants)).toBe(bitsOfMostParameters(share));
  });

  it("meets the stationarity condition (3/γ)·u^(1/(3α))·e^(-P/γ) = 1/P at the joint optimum", () => {
    const bits = bitsOfMostParameters(tiedShare);
    const u = (1 - Math.exp(-bits / tiedGamma)) ** (-3 * values.alpha);
    const left = (3 / tiedGamma) * u ** (1 / (3 * values.alpha)) * Math.exp(-bits / tiedGamma);
    expect(left * bits).toBeCloseTo(1, 6);
  });

  it.each([1e18, 1e21, 1e25])("chooses the same bits for %s FLOPs, N and D as in closed form", (compute) => {
    const found = computeOptimal(law, constants, {compute});
    const bits = bitsOfMostParameters(share);
    const closed = chinchillaOptimal(values, {compute, bits, share: share(bits)});
    expect(found.bits).toBeCloseTo(bits, 4);
    expect(found.parameters / closed.parameters).toBeCloseTo(1, 4);
    expect(found.tokens / closed.tokens).toBeCloseTo(1, 4);
    expect(((6 / 16) * found.parameters * found.tokens * found.bits) / compute).toBeCloseTo(1, 12);
  });

  it.each([4, 5, 8, 16])("gives N and D for %i bits as in closed form", (bits) => {
    const found = computeOptimal(law, constants, {compute: 1e21, bits});
    const closed = chinchillaOptimal(values, {compute: 1e21, bits, share: share(bits)});
    expect(found.parameters / closed.parameters).toBeCloseTo(1, 5);
    // N ∝ f^(-α/(α+β))·P^(-β/(α+β)), D ∝ f^(α/(α+β))·P^(-α/(α+β)), α = β.
    const plain = chinchillaOptimal(values, {compute: 1e21, bits: 1});
    expect(closed.parameters / plain.parameters).toBeCloseTo((share(bits) * bits) ** -0.5, 10);
    expect(closed.tokens / plain.tokens).toBeCloseTo((share(bits) / bits) ** 0.5, 10);
  });

  it("gains tokens as bits fall from 16, and loses them below the joint optimum", () => {
    const tokens = (bits: number) =>
      chinchillaOptimal(values, {compute: 1e21, bits, share: share(bits)}).tokens;
    const best = bitsOfMostParameters(share);
    expect(tokens(best)).toBeGreaterThan(tokens(16));
    expect(tokens(best)).toBeGreaterThan(tokens(best + 0.1));
    expect(tokens(best)).toBeGreaterThan(tokens(best - 0.1));
  });

  it("would need 5.2 times the parameters at 4 bits, which is more than the 4 times that 16 bits cost", () => {
    expect((1 / share(4)).toFixed(1)).toBe("5.2");
  });

  const billions = [1, 8, 70, 405];
  const tokens = [2e10, 1e11, 1e12, 1e13, 1e14];
  const fixedParameters = [
    ["7.45", "9.47", "12.66", "15.90", "19.12"],
    ["5.49", "6.93", "9.77", "12.98", "16.22"],
    ["4.29", "5.10", "7.08", "9.95", "13.17"],
    ["3.76", "4.23", "5.48", "7.69", "10.70"],
  ];
  it.each(billions.flatMap((n, i) => tokens.map((d, j) => [n, d, fixedParameters[i][j]] as const)))(
    "wants of a model of %i billion parameters on %s tokens %s bits",
    (n, d, printed) => {
      const bits = bitsAtFixedParameters(values, share, {parameters: n * B, tokens: d});
      expect(bits.toFixed(2)).toBe(printed);
      const compute = (6 / 16) * n * B * d * bits;
      const numeric = computeOptimal(law, constants, {compute, parameters: n * B, bitsRange: [3.2, 40]});
      expect(numeric.bits).toBeCloseTo(bits, 3);
    },
  );

  it("gives these losses without rounding", () => {
    const printed = {
      30: ["4.1005", "3.9543", "3.8507", "3.7703", "3.7202"],
      60: ["3.8578", "3.7116", "3.6080", "3.5276", "3.4775"],
      110: ["3.7042", "3.5580", "3.4544", "3.3740", "3.3239"],
      220: ["3.5769", "3.4307", "3.3271", "3.2466", "3.1966"],
    };
    for (const [millions, losses] of Object.entries(printed)) {
      const found = [1.5, 3, 6, 13, 26].map((d) =>
        lossAt(law, values, {parameters: Number(millions) * M, tokens: d * B}),
      );
      expect(found.map((loss) => loss.toFixed(4))).toEqual(losses);
    }
  });

  it.each([
    [30, 1.5, ["4.380", "4.265", "4.203", "4.167", "4.130", "4.107"]],
    [220, 13, ["3.351", "3.308", "3.285", "3.271", "3.258", "3.249"]],
  ])(
    "gives for %i million parameters and %f billion tokens these losses with rounded weights",
    (n, d, printed) => {
      const point = {parameters: n * M, tokens: d * B};
      const losses = [3, 4, 5, 6, 8, 12].map((weightBits) => lossAt(law, values, {...point, weightBits}));
      expect(losses.map((loss) => loss.toFixed(3))).toEqual(printed);
      const alone = lawOf("precision-weights");
      expect(lossAt(alone, alone.published[0].values, {...point, weightBits: 5})).toBe(losses[2]);
    },
  );

  it.each([
    [4, 1760, "3.171"],
    [6, 1170, "3.092"],
    [8, 880, "3.091"],
    [16, 440, "3.140"],
    [32, 220, "3.230"],
  ])("gives at %i bits, %i million parameters and 16 billion tokens %f", (bits, n, printed) => {
    const point = withBits(law, constants, {parameters: n * M, tokens: 16e9}, bits);
    expect(lossAt(law, values, point).toFixed(3)).toBe(printed);
  });

  it("has N·∏ factors as effective parameters, which measured losses give back", () => {
    const plain = {parameters: 1e8, tokens: 1e10};
    const point = withBits(law, constants, plain, 5);
    expect(effectiveParameters(law, constants, point) / 1e8).toBeCloseTo(share(5), 10);
    const measured = {
      parameters: 1e8,
      loss: lossAt(law, values, point),
      plainLoss: lossAt(law, values, plain),
    };
    expect(measuredShare(values, measured)).toBeCloseTo(share(5), 10);
  });

  it("has the same loss along an iso-loss line: N·f is constant", () => {
    const point = {parameters: 1e8, tokens: 13e9, weightBits: 12};
    const loss = lossAt(law, values, point);
    for (const weightBits of [3, 4, 5, 6, 8]) {
      const question = {variable: "parameters", loss, from: 1e6, to: 1e12} as const;
      const parameters = isoLoss(law, constants, {...point, weightBits}, question);
      const factor = (bits: number) => precisionFactor(bits, gamma_w, n_w);
      expect((parameters * factor(weightBits)) / (1e8 * factor(12))).toBeCloseTo(1, 10);
    }
    const bits = isoLoss(
      law,
      constants,
      {...point, parameters: 1.5e8},
      {variable: "weightBits", loss, from: 1, to: 16},
    );
    expect(lossAt(law, values, {...point, parameters: 1.5e8, weightBits: bits})).toBeCloseTo(loss, 12);
    expect(isoLoss(law, constants, point, {variable: "parameters", loss: 1, from: 1e6, to: 1e12})).toBeNaN();
  });
});

describe("rounding after training with Kumar's constants", () => {
  const sizes = [30 * M, 220 * M, 1 * B, 8 * B, 70 * B];
  const printed = [
    ["1.64e10 / 5.32e9", "8.86e10 / 2.88e10", "4.79e11 / 1.56e11", "2.59e12 / 8.41e11"],
    ["3.24e10 / 1.05e10", "1.75e11 / 5.70e10", "9.48e11 / 3.08e11", "5.12e12 / 1.66e12"],
    ["5.45e10 / 1.77e10", "2.95e11 / 9.57e10", "1.59e12 / 5.17e11", "8.61e12 / 2.80e12"],
    ["1.11e11 / 3.61e10", "6.01e11 / 1.95e11", "3.25e12 / 1.06e12", "1.76e13 / 5.70e12"],
    ["2.34e11 / 7.60e10", "1.26e12 / 4.11e11", "6.83e12 / 2.22e12", "3.69e13 / 1.20e13"],
  ];
  const cells = sizes.flatMap((n, i) => [3, 4, 5, 6].map((p, j) => [n, p, printed[i][j]] as const));
  it.each(cells)(
    "makes more than these tokens hurt, without and with offset: %s parameters, %i bits: %s",
    (n, p, cell) => {
      const found = [0, degraded.b].map((b) =>
        criticalTokensAfterTraining({...degraded, b}, {parameters: n, postTrainingBits: p}),
      );
      expect(found.map((d) => d.toExponential(2).replace("+", "")).join(" / ")).toBe(cell);
      const numeric = criticalTokens(postTraining, constantsOf(postTraining, degraded), {
        parameters: n,
        postTrainingBits: p,
      });
      expect(numeric / found[1]).toBeCloseTo(1, 5);
    },
  );

  it("has its minimum for 30 million parameters and 3 bits at 177 tokens per parameter, 546 without offset", () => {
    const perParameter = (b: number) =>
      criticalTokensAfterTraining({...degraded, b}, {parameters: 30 * M, postTrainingBits: 3}) / (30 * M);
    expect(perParameter(degraded.b).toFixed(0)).toBe("177");
    expect(perParameter(0).toFixed(0)).toBe("546");
  });

  it.each([
    [30, 3, "0.190", "0.586"],
    [30, 4, "0.035", "0.108"],
    [30, 5, "0.006", "0.020"],
    [220, 3, "0.096", "0.295"],
    [220, 4, "0.018", "0.054"],
  ])(
    "adds to %i million parameters on 26 billion tokens at %i bits %s without, %s with offset",
    (n, p, without, offset) => {
      const point = {parameters: n * M, tokens: 26e9};
      const rise = (b: number) =>
        lossAt(postTraining, {...degraded, b}, {...point, postTrainingBits: p}) -
        lossAt(postTraining, degraded, point);
      expect(rise(0).toFixed(3)).toBe(without);
      expect(rise(degraded.b).toFixed(3)).toBe(offset);
    },
  );
});

describe("the unified law", () => {
  const unified = lawOf("unified");
  const unifiedValues = {...unified.published[0].values, C_w: 0.5, C_a: 0.5, C_kv: 0.5};
  const point = {parameters: 1e8, tokens: 2e10};

  it("is the degradation after training in 16 bits where training rounds nothing", () => {
    const rounded = {...point, postTrainingBits: 3};
    expect(lossAt(unified, unifiedValues, rounded)).toBeCloseTo(lossAt(postTraining, degraded, rounded), 12);
  });

  it("is the precision law where nothing is rounded after training, or to no fewer bits than in training", () => {
    const trained = {...point, weightBits: 4, activationBits: 8, cacheBits: 8};
    const loss = lossAt(law, values, trained);
    expect(lossAt(unified, unifiedValues, trained)).toBe(loss);
    expect(lossAt(unified, unifiedValues, {...trained, postTrainingBits: 4})).toBe(loss);
    expect(lossAt(unified, unifiedValues, {...trained, postTrainingBits: 3})).toBeGreaterThan(loss);
  });

  it("degrades a model less that was trained in fewer bits", () => {
    const degradation = (weightBits: number) => {
      const trained = {...point, weightBits};
      return (
        lossAt(unified, unifiedValues, {...trained, postTrainingBits: 3}) -
        lossAt(unified, unifiedValues, trained)
      );
    };
    expect(degradation(4)).toBeLessThan(degradation(6));
    expect(degradation(6)).toBeLessThan(degradation(16));
  });
});

it.each([
  ["post-training", {postTrainingBits: 3}],
  ["floating-point", {exponentBits: 2, mantissaBits: 1, blockSize: 128}],
] as const)("%s: critical tokens grow with parameters by the derived exponent", (name, rest) => {
  const law = lawOf(name);
  const constants = constantsOf(law, law.published[0].values);
  const [small, large] = [1e8, 1e11].map((parameters) =>
    criticalTokens(law, constants, {...rest, parameters}),
  );
  const exponent = law.derived.find(({name}) => name === "criticalTokensExponent")!.of(constants);
  expect(Math.log10(large / small) / 3).toBeCloseTo(exponent, 5);
});
