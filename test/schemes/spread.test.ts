import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gptParts, type ModelShape} from "../../src/nn/model-shape.js";
import {activation} from "../../src/nn/ops/activation.js";
import {attention} from "../../src/nn/ops/attention.js";
import {linear} from "../../src/nn/ops/linear.js";
import type {ProgramBuilder} from "../../src/nn/program.js";
import type {Scheme} from "../../src/nn/scheme.js";
import type {Tensor} from "../../src/nn/tensor.js";
import {recipeOf} from "../../src/recipes/index.js";
import {type Constraint, constraints} from "../../src/schemes/constraint.js";
import {munit as munitScheme} from "../../src/schemes/munit.js";
import {unit as unitScheme} from "../../src/schemes/unit.js";
import {modelPass} from "../nn/model-pass.js";
import {functions, gaussianMean} from "./gaussian-mean.js";
import {productTolerance, spread, spreadsOf} from "./op-spreads.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const widths = [32, 64, 128, 256, 512, 2048];
const rule = {residual: "fixed", residualWeight: 0.05} as const;
const unit = (constraint: Constraint = "geometric-mean") => unitScheme({...rule, constraint});
const munit = munitScheme({...rule, baseWidth: 32, optimizer: "adam"});
const shapeOf = (width: number, more: Partial<ModelShape> = {}): ModelShape => ({
  ...{layers: 1, width, heads: width / 16, context: 16, batch: 4, vocabulary: 64, ...gptParts},
  ...more,
});

describe("a linear layer under unit scaling", () => {
  const measure = (scheme: Scheme, [fanIn, fanOut]: readonly [number, number], rows: number) => {
    const shape = shapeOf(fanIn, {batch: 1, context: rows});
    const {initialSpread, learningRate, ...scale} = scheme.linear("mlp up", {fanIn, fanOut}, shape);
    const build = (builder: ProgramBuilder, x: Tensor) => {
      const initial = {mean: 0, spread: initialSpread};
      const weight = builder.parameter("weight", [fanIn, fanOut], initial, learningRate);
      return linear(builder, x, weight, {layer: "layer", scale, recipe: recipeOf({recipe: "fp32"}).linear});
    };
    return spreadsOf(kernels, [rows, fanIn], build, fanIn * fanOut);
  };

  it.each(widths)("has output and gradients of spread 1 with factors of their own, at width %i", (width) => {
    const rows = 64;
    const sizes = [width, width / 2] as const;
    const {output, inputGradient, parameterGradient} = measure(unit("none"), sizes, rows);
    const tolerance = productTolerance(rows, ...sizes);
    expect(Math.abs(output - 1)).toBeLessThan(tolerance);
    expect(Math.abs(inputGradient - 1)).toBeLessThan(tolerance);
    expect(Math.abs(parameterGradient - 1)).toBeLessThan(tolerance);
  });

  it.each(constraints)("has the spreads that the constraint %s leaves", (constraint) => {
    const [m, n, rows] = [64, 192, 128];
    const {output, inputGradient} = measure(unit(constraint), [m, n], rows);
    const shared = {
      "geometric-mean": (m * n) ** -0.25,
      "harmonic-mean": 2 / (Math.sqrt(m) + Math.sqrt(n)),
      "arithmetic-mean": (1 / Math.sqrt(m) + 1 / Math.sqrt(n)) / 2,
      "to-output": m ** -0.5,
      "to-input-gradient": n ** -0.5,
      none: undefined,
    }[constraint];
    const tolerance = productTolerance(rows, m, n);
    const expected = (size: number) => (shared ? shared * Math.sqrt(size) : 1);
    expect(Math.abs(output / expected(m) - 1)).toBeLessThan(tolerance);
    expect(Math.abs(inputGradient / expected(n) - 1)).toBeLessThan(tolerance);
  });
});

describe("an activation under unit scaling", () => {
  it.each(["gelu", "relu", "silu"] as const)(
    "has spread 1 on both passes without a constraint: %s",
    (name) => {
      const scale = unit("none").activation(name);
      const {output, inputGradient} = spreadsOf(kernels, [512, 256], (builder, x) =>
        activation(builder, x, {name, scale}),
      );
      // Four standard errors over 2¹⁷ values whose squares have a kurtosis below 10.
      const tolerance = 4 * 0.5 * Math.sqrt(10 / 2 ** 17);
      expect(Math.abs(output - 1)).toBeLessThan(tolerance);
      expect(Math.abs(inputGradient - 1)).toBeLessThan(tolerance);
    },
  );
});

describe("causal attention over independent values", () => {
  const [heads, headSize, context, batch] = [8, 32, 256, 4];
  const width = heads * headSize;
  const attend = (squareRoot: boolean, output: number) =>
    spreadsOf(kernels, [batch * context, 3 * width], (builder, qkv) =>
      attention(
        builder,
        {
          query: {tensor: qkv, column: 0},
          key: {tensor: qkv, column: width},
          value: {tensor: qkv, column: 2 * width},
        },
        {batch, context, heads, headSize, scale: {logits: 1 / Math.sqrt(headSize), output}, squareRoot},
      ),
    );
  /** Variance of the output at the k-th position, over all sequences and heads. */
  const varianceAt = (values: Float32Array, k: number) => {
    const rows = Array.from({length: batch}, (_, b) => (b * context + k - 1) * width);
    return rows.reduce((sum, row) => sum + spread(values.subarray(row, row + width)) ** 2, 0) / batch;
  };

  it("has at position k the variance E Σ s², which falls like e/k", () => {
    const {values} = attend(false, 1);
    // From 10⁶ draws of k normal logits; logits that are products of q and k of size 32 add up to a few percent.
    for (const [k, expected] of [
      [4, 0.3919],
      [16, 0.1325],
      [64, 0.0388],
      [256, 0.01034],
    ]) {
      expect(Math.abs(varianceAt(values, k) / expected - 1), `k = ${k}`).toBeLessThan(0.25);
    }
  });

  it("has variance 1 at every position with square roots of the probabilities", () => {
    const {values} = attend(true, 1);
    for (const k of [1, 4, 16, 64, 256]) {
      // Four standard errors over 1024 values of each position.
      expect(Math.abs(varianceAt(values, k) - 1), `k = ${k}`).toBeLessThan(4 * Math.sqrt(2 / 1024));
    }
  });

  it("has under unit scaling a spread between that of equal probabilities, 1, and √e times that", () => {
    const {output} = unit().attention(shapeOf(width, {heads, context}));
    const {output: measured} = attend(false, output);
    expect(measured).toBeGreaterThan(1);
    expect(measured).toBeLessThan(Math.sqrt(Math.E));
  });
});

/**
 * What the constants of a scheme make of independent values: the spread of the input of each product in a block and of
 * the gradient of its output, where skip and branch are independent. GELU at other spreads than 1 is integrated.
 */
function expectedSpreads(scheme: Scheme, shape: ModelShape): Record<string, number> {
  const {width} = shape;
  const up = scheme.linear("mlp up", {fanIn: width, fanOut: 4 * width}, shape);
  const down = scheme.linear("mlp down", {fanIn: 4 * width, fanOut: width}, shape);
  const gelu = scheme.activation("gelu");
  const [f, derivative] = functions.gelu;
  const rms = (g: (z: number) => number, spread: number) =>
    Math.sqrt(gaussianMean((z) => g(z * spread) ** 2));
  const upOutput = up.output * Math.sqrt(width);
  const active = gelu.output * rms(f, upOutput);
  // The mean of GELU's output does not survive weights of mean 0, but its square adds to the variance: rms, not σ.
  const branch = down.output * Math.sqrt(4 * width) * active;
  const isResPost = scheme.normPlacement === "res-post";
  const downGradient = isResPost ? 1 / branch : 1;
  const activeGradient = downGradient * down.inputGradient * Math.sqrt(width);
  return {
    "mlp up activation": 1,
    "mlp down activation": active,
    "mlp down activation gradient": downGradient,
    "mlp up activation gradient": activeGradient * gelu.inputGradient * rms(derivative, upOutput),
  };
}

describe.each([
  ["unit", unit(), "pre"],
  ["munit", munit, "res-post"],
] as const)("a model under %s", (_, scheme, normPlacement) => {
  it.each(widths)("starts with the spreads that its constants promise, at width %i", (width) => {
    const shape = shapeOf(width, {normPlacement});
    const {spreads} = modelPass(kernels, shape, scheme);
    // The sizes of 64 tokens' vectors vary by √(2/width) each; tokens repeat, and so do the errors.
    const tolerance = 0.02 + 0.6 / Math.sqrt(width);
    for (const [name, expected] of Object.entries(expectedSpreads(scheme, shape))) {
      const measured = spreads.get(`block 1 ${name}`)!;
      expect(Math.abs(measured / expected - 1), `${name}: ${measured}, not ${expected}`).toBeLessThan(
        tolerance,
      );
    }
    for (const name of ["embedding activation", "block 1 qkv activation", "head activation"]) {
      expect(Math.abs(spreads.get(name)! - 1), name).toBeLessThan(tolerance);
    }
    expect(Math.abs(spreads.get("head activation gradient")! - 1)).toBeLessThan(0.05);
    expect(Math.abs(spreads.get("embedding activation gradient")! - 1)).toBeLessThan(0.1 + tolerance);
  });

  it.each([1, 3, 12, 48])(
    "keeps activations and their gradients near 1 to a depth of %i blocks",
    (layers) => {
      const {spreads} = modelPass(kernels, shapeOf(128, {layers, normPlacement, batch: 8}), scheme);
      for (const [name, value] of spreads) {
        if (!name.endsWith("activation") && !name.endsWith("activation gradient")) continue;
        const isStream = /(qkv|mlp up|head|embedding) activation$/.test(name);
        expect(value, name).toBeGreaterThan(isStream ? 0.9 : 0.25);
        expect(value, name).toBeLessThan(isStream ? 1.1 : 2.5);
      }
    },
  );
});
