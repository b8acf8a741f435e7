import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gptParts, type ModelShape} from "../../src/nn/model-shape.js";
import {convolution} from "../../src/nn/ops/convolution.js";
import {gatedActivation} from "../../src/nn/ops/gated-activation.js";
import {recurrent} from "../../src/nn/ops/recurrent.js";
import {recipeOf} from "../../src/recipes/index.js";
import {stateSpread} from "../../src/schemes/recurrent-factors.js";
import {unit} from "../../src/schemes/unit.js";
import {gaussianMean} from "./gaussian-mean.js";
import {productTolerance, spreadsOf} from "./op-spreads.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const recipe = recipeOf({recipe: "fp32"}).linear;
const scheme = unit({residual: "fixed", residualWeight: 0.05, constraint: "geometric-mean"});
const [batch, context] = [4, 64];
const rows = batch * context;
const shapeOf = (width: number): ModelShape => ({
  ...{layers: 1, width, heads: 1, context, batch, vocabulary: 64},
  ...gptParts,
});

describe("a causal convolution under unit scaling", () => {
  it.each([
    [32, 8, 7],
    [64, 1, 3],
    [256, 16, 7],
  ])(
    "has spread 1 on all passes, but for what begins before the sequence: %i channels, %i groups, kernel %i",
    (width, groups, kernelSize) => {
      const seen = (kernelSize * width) / groups;
      const {initialSpread, learningRate, ...scale} = scheme.linear(
        "convolution",
        {fanIn: seen, fanOut: seen},
        shapeOf(width),
      );
      const {output, inputGradient, parameterGradient} = spreadsOf(
        kernels,
        [rows, width],
        (builder, x) => {
          const initial = {mean: 0, spread: initialSpread};
          const weight = builder.parameter("weight", [seen, width], initial, learningRate);
          return convolution(builder, x, weight, {layer: "layer", scale, recipe, batch, kernelSize, groups});
        },
        seen * width,
      );
      // Position t sees min(t + 1, k) values, on average k − (k − 1)k/(2T) of the k that the factor counts on.
      const expected = Math.sqrt(1 - (kernelSize - 1) / (2 * context));
      const tolerance = productTolerance(rows, seen, width / groups);
      expect(Math.abs(output / expected - 1)).toBeLessThan(tolerance);
      expect(Math.abs(inputGradient / expected - 1)).toBeLessThan(tolerance);
      expect(Math.abs(parameterGradient / expected - 1)).toBeLessThan(tolerance);
    },
  );
});

describe("a recurrent highway cell under unit scaling", () => {
  it("takes the spread of its state from the fixed point of the state's variance", () => {
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    let variance = 0.1;
    for (let i = 0; i < 40; i++) {
      const s = Math.sqrt((1 + variance) / 2);
      const update = gaussianMean((z) => sigmoid(s * z - 1) ** 2);
      const keep = gaussianMean((z) => sigmoid(1 - s * z) ** 2);
      variance = (update * gaussianMean((z) => Math.tanh(s * z) ** 2)) / (1 - keep);
    }
    expect(Math.sqrt(variance)).toBeCloseTo(stateSpread, 9);
  });

  it.each([32, 128, 512])("has an output of spread 1 for independent inputs, at width %i", (width) => {
    const fans = {fanIn: 2 * width, fanOut: 2 * width};
    const {initialSpread, learningRate, ...stateScale} = scheme.linear(
      "recurrent state",
      fans,
      shapeOf(width),
    );
    const scale = scheme.recurrent(shapeOf(width));
    const {output} = spreadsOf(
      kernels,
      [rows, 2 * width],
      (builder, x) => {
        const parameter = (name: string, shape: number[], spread: number) =>
          builder.parameter(name, shape, {mean: 0, spread}, learningRate);
        const state = parameter("state", [width, 2 * width], initialSpread);
        const bias = parameter("bias", [2 * width], 0);
        const initialState = parameter("initial state", [width], 0);
        builder.step(() => {
          for (const {data, size} of [bias, initialState]) kernels.fill(data, 0, size);
        });
        // What the product with the input's weight gives has variance 1/2; the other half is left to the state's.
        builder.step(() => kernels.scale(x.data, Math.SQRT1_2, x.data, rows * 2 * width));
        const parameters = {state, bias, initialState};
        return recurrent(builder, x, parameters, {batch, layer: "layer", scale, stateScale, recipe});
      },
      2 * width * width + 3 * width,
    );
    // The fixed point takes gates and state as independent; but the gates see the state, which raises the spread by 4 %.
    expect(Math.abs(output - 1.04)).toBeLessThan(0.04);
  });
});

describe("SwiGLU under unit scaling", () => {
  it("has spread 1 on both passes without a constraint", () => {
    const scale = unit({residual: "sum", residualWeight: 0.5, constraint: "none"}).activation("swiglu");
    const {output, inputGradient} = spreadsOf(kernels, [512, 512], (builder, x) =>
      gatedActivation(builder, x, {scale}),
    );
    // Four standard errors over 2¹⁷ products whose squares have a kurtosis below 40.
    const tolerance = 4 * 0.5 * Math.sqrt(40 / 2 ** 17);
    expect(Math.abs(output - 1)).toBeLessThan(tolerance);
    expect(Math.abs(inputGradient - 1)).toBeLessThan(tolerance);
  });
});
