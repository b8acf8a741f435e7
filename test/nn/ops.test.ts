import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {activation} from "../../src/nn/ops/activation.js";
import {type AttentionInput, attention} from "../../src/nn/ops/attention.js";
import {convolution} from "../../src/nn/ops/convolution.js";
import {gatedActivation} from "../../src/nn/ops/gated-activation.js";
import {layerNorm} from "../../src/nn/ops/layer-norm.js";
import {linear} from "../../src/nn/ops/linear.js";
import {recurrent} from "../../src/nn/ops/recurrent.js";
import {residual} from "../../src/nn/ops/residual.js";
import {rmsNorm} from "../../src/nn/ops/rms-norm.js";
import {rotary, rotaryTables} from "../../src/nn/ops/rotary.js";
import {split} from "../../src/nn/ops/split.js";
import type {ProgramBuilder} from "../../src/nn/program.js";
import type {Tensor} from "../../src/nn/tensor.js";
import {recipeOf} from "../../src/recipes/index.js";
import {checkGradients, type OpUnderTest} from "./gradient-check.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const exact = recipeOf({recipe: "fp32"}).linear;
const unscaled = {output: 1, inputGradient: 1, weightGradient: 1};

const ops: Record<string, OpUnderTest> = {
  linear: {
    ...{rows: 7, columns: 9, parameterCount: 9 * 13},
    build(builder, x) {
      const weight = builder.parameter("weight", [9, 13], {mean: 0, spread: 1}, 1);
      return linear(builder, x, weight, {layer: "layer", scale: unscaled, recipe: exact});
    },
  },
  "layer norm": {
    ...{rows: 6, columns: 11, parameterCount: 22},
    build: (builder, x) => norm(builder, x, 11),
  },
  "rms norm": {
    ...{rows: 6, columns: 11, parameterCount: 11},
    build(builder, x) {
      const gain = builder.parameter("gain", [11], {mean: 1, spread: 0}, 1);
      return rmsNorm(builder, x, gain, {parameterGradient: 1});
    },
  },
  swiglu: {
    ...{rows: 5, columns: 14, parameterCount: 0},
    build: (builder, x) =>
      gatedActivation(builder, x, {scale: {output: 1.25, inputGradient: 1.25, multiplier: 0.75}}),
  },
  "convolution in groups": {
    ...{rows: 2 * 7, columns: 6, parameterCount: 3 * 3 * 8},
    build(builder, x) {
      const weight = builder.parameter("weight", [3 * 3, 8], {mean: 0, spread: 1}, 1);
      const options = {layer: "layer", scale: unscaled, recipe: exact, batch: 2, kernelSize: 3, groups: 2};
      return convolution(builder, x, weight, options);
    },
  },
  "recurrent highway cell": {
    ...{rows: 2 * 5, columns: 2 * 6, parameterCount: 6 * 12 + 12 + 6},
    build(builder, z) {
      const parameter = (name: string, shape: number[]) =>
        builder.parameter(name, shape, {mean: 0, spread: 1}, 1);
      const parameters = {
        state: parameter("state", [6, 12]),
        bias: parameter("bias", [12]),
        initialState: parameter("initial state", [6]),
      };
      // The products of the state go forward and back by the same factor, and so does the output.
      const stateScale = {output: 0.4, inputGradient: 0.4, weightGradient: 0.4};
      const scale = {output: 1.5, biasGradient: 1, initialStateGradient: 1};
      return recurrent(builder, z, parameters, {batch: 2, layer: "layer", scale, stateScale, recipe: exact});
    },
  },
  "linear with a transposed weight": {
    ...{rows: 7, columns: 9, parameterCount: 9 * 13},
    build(builder, x) {
      const weight = builder.parameter("weight", [13, 9], {mean: 0, spread: 1}, 1);
      return linear(builder, x, weight, {layer: "layer", scale: unscaled, recipe: exact, transposed: true});
    },
  },
  gelu: {
    ...{rows: 5, columns: 7, parameterCount: 0},
    build: (builder, x) =>
      activation(builder, x, {name: "gelu", scale: {output: 1.25, inputGradient: 1.25, multiplier: 1}}),
  },
  silu: {
    ...{rows: 5, columns: 7, parameterCount: 0},
    build: (builder, x) =>
      activation(builder, x, {name: "silu", scale: {output: 1.25, inputGradient: 1.25, multiplier: 0.75}}),
  },
  attention: {
    ...{rows: 2 * 6, columns: 3 * 2 * 5, parameterCount: 0},
    build: (builder, qkv) => attention(builder, sideBySide(qkv, 10), attentionOptions),
  },
  "attention in small blocks, with square roots of probabilities": {
    ...{rows: 2 * 6, columns: 3 * 2 * 5, parameterCount: 0},
    build: (builder, qkv) =>
      attention(builder, sideBySide(qkv, 10), {...attentionOptions, squareRoot: true, blockRows: 4}),
  },
  "attention with relative positions": {
    ...{rows: 2 * 6, columns: 3 * 2 * 5, parameterCount: 7 * 10},
    build(builder, qkv) {
      const waves = builder.tensor(6, 7);
      kernels.randomNormal(waves.data, 6 * 7, 0, 0.5, 5, 5, 0);
      const weight = builder.parameter("distances", [7, 10], {mean: 0, spread: 1}, 1);
      const relative = linear(builder, waves, weight, {
        layer: "distances",
        scale: unscaled,
        recipe: exact,
      });
      return attention(builder, {...sideBySide(qkv, 10), relative}, {...attentionOptions, blockRows: 4});
    },
  },
  "attention with rotary positions": {
    ...{rows: 2 * 6, columns: 3 * 2 * 6, parameterCount: 0},
    build(builder, qkv) {
      const tables = rotaryTables(builder, {context: 6, heads: 2, headSize: 6});
      const [query, key, value] = split(builder, qkv, {count: 3});
      const turned = (x: Tensor) => ({tensor: rotary(builder, x, tables), column: 0});
      return attention(
        builder,
        {query: turned(query), key: turned(key), value: {tensor: value, column: 0}},
        {...attentionOptions, headSize: 6},
      );
    },
  },
};

const attentionOptions = {batch: 2, context: 6, heads: 2, headSize: 5, scale: {logits: 0.4, output: 1.5}};

const sideBySide = (tensor: Tensor, width: number): AttentionInput => ({
  query: {tensor, column: 0},
  key: {tensor, column: width},
  value: {tensor, column: 2 * width},
});

/** Layer norm with its own gain and bias over `width` columns. */
function norm(builder: ProgramBuilder, x: Tensor, width: number): Tensor {
  const gain = builder.parameter("gain", [width], {mean: 1, spread: 0}, 1);
  const bias = builder.parameter("bias", [width], {mean: 0, spread: 0}, 1);
  return layerNorm(builder, x, {gain, bias}, {parameterGradient: 1});
}

const expectClose = (actual: number, expected: number, message: string) =>
  expect(
    Math.abs(actual - expected) / Math.max(1, Math.abs(expected)),
    `${message}: ${actual} against ${expected}`,
  ).toBeLessThan(2e-3);

describe("the backward pass of an op", () => {
  for (const [name, op] of Object.entries(ops)) {
    it(`${name} agrees with finite differences for the input and every parameter`, () => {
      for (const seed of [1, 2, 3]) {
        for (const {name, analytic, numeric} of checkGradients(kernels, op, seed)) {
          expectClose(analytic, numeric, name);
        }
      }
    });
  }

  it.each([
    ["the true gradients", false, 1],
    [
      "with delay the true input gradient, and parameters inside the branch theirs divided by its weight",
      true,
      0.6,
    ],
  ])("residual gives %s", (_, isDelayed, weight) => {
    const op: OpUnderTest = {
      ...{rows: 4, columns: 6, parameterCount: 12},
      build: (builder, x) =>
        residual(builder, x, (x) => norm(builder, x, 6), {skip: 0.8, branch: 0.6, isDelayed}),
    };
    for (const {name, analytic, numeric} of checkGradients(kernels, op)) {
      expectClose(analytic, name === "input" ? numeric : numeric / weight, name);
    }
  });
});
