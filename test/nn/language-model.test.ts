import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gptParts, type ModelParts, type ModelShape} from "../../src/nn/model-shape.js";
import type {Scheme} from "../../src/nn/scheme.js";
import {munit as munitScheme} from "../../src/schemes/munit.js";
import {standard as standardScheme} from "../../src/schemes/standard.js";
import {unit as unitScheme} from "../../src/schemes/unit.js";
import {modelPass} from "./model-pass.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const run = (shape: ModelShape, scheme: Scheme, options: {weights?: Float32Array} = {}) =>
  modelPass(kernels, shape, scheme, options);

const fixed = {residual: "fixed", residualWeight: 0.05} as const;
const standard = standardScheme({residual: "sum", residualWeight: 0.05, initialSpread: 0.02});
const unit = unitScheme({...fixed, constraint: "geometric-mean"});
const munit = munitScheme({...fixed, baseWidth: 24, optimizer: "adam"});

const parts = gptParts;
const small: ModelShape = {layers: 2, width: 24, heads: 3, context: 11, batch: 3, vocabulary: 17, ...parts};

/** Every place of the norms and kind of attention. ReLU, whose kinks spoil differences, is left to the test of its kernel. */
const variants: readonly Partial<ModelParts>[] = [
  {activation: "gelu", normPlacement: "pre"},
  {activation: "silu", normPlacement: "res-post"},
  {activation: "gelu", normPlacement: "post"},
  {activation: "silu", normPlacement: "none"},
  {activation: "swiglu", norm: "rms"},
  {activation: "gelu", norm: "rms", normPlacement: "post"},
  {sequenceLayer: "convolution", kernelSize: 5, groups: 4, tiedHead: true},
  {sequenceLayer: "convolution", kernelSize: 13, groups: 1, activation: "silu", positions: "relative"},
  {sequenceLayer: "recurrent", normPlacement: "none"},
  {sequenceLayer: "recurrent", normPlacement: "res-post", activation: "swiglu", tiedHead: true},
  {positions: "rotary", queryKeyNorm: true},
  {positions: "relative", softmax: "square-root", attentionLogits: "inverse"},
];

describe("a language model", () => {
  it("starts with a loss near the logarithm of the vocabulary under the standard scheme", () => {
    expect(run(small, standard).loss).toBeCloseTo(Math.log(17), 1);
  });

  it.each(variants)(
    "has the gradient that central differences of its loss show, along random directions: %o",
    (parts) => {
      const shape = {...small, ...parts};
      const base = run(shape, standard, {
        weights: run(shape, standard).weights.map((w) => (w === 1 ? 1 : 8 * w)),
      });
      const h = 2 ** -10;
      for (const stream of [1, 2, 3]) {
        const direction = base.weights.map(
          (_, i) => (kernels.randomBits(3, stream, 0, i) / 2 ** 31 - 1) as number,
        );
        const along = (sign: number) =>
          run(shape, standard, {weights: base.weights.map((w, i) => w + sign * h * direction[i])}).loss;
        const numeric = (along(1) - along(-1)) / (2 * h);
        let offset = 0;
        let analytic = 0;
        for (const {values} of base.gradients) {
          for (let i = 0; i < values.length; i++) analytic += values[i] * direction[offset + i];
          offset += values.length;
        }
        expect(Math.abs(analytic - numeric)).toBeLessThan(2e-3 * Math.max(1, Math.abs(numeric)));
      }
    },
  );

  it.each([
    {layers: 1, width: 32, heads: 2, context: 16, batch: 64, vocabulary: 27},
    {layers: 4, width: 128, heads: 4, context: 64, batch: 8, vocabulary: 27},
    {layers: 8, width: 64, heads: 4, context: 32, batch: 16, vocabulary: 256},
  ])(
    "starts with every tensor's spread within a factor of two of 1, of three for weight gradients, under unit scaling: %o",
    (size) => {
      const shape = {...size, ...gptParts};
      const {spreads} = run(shape, unit);
      expect(spreads.size).toBe(4 * (2 + 4 * shape.layers));
      for (const [tensor, spread] of spreads) {
        // Weight gradients sum over tokens as if these were independent; they repeat, so the sums come out larger.
        expect(spread, tensor).toBeGreaterThan(1 / 2);
        expect(spread, tensor).toBeLessThan(tensor.endsWith("weight gradient") ? 3 : 2);
      }
    },
  );

  it("has far smaller gradients under the standard scheme", () => {
    const shape = {layers: 4, width: 128, heads: 4, context: 64, batch: 8, vocabulary: 27, ...gptParts};
    const {spreads} = run(shape, standard);
    expect(spreads.get("block 1 mlp up activation gradient")).toBeLessThan(2 ** -14);
  });

  it("starts with activations of spread 1 under µnit scaling, whatever width and depth", () => {
    for (const [layers, width] of [
      [2, 32],
      [6, 128],
    ]) {
      const shape = {
        ...small,
        layers,
        width,
        heads: 2,
        context: 32,
        batch: 8,
        normPlacement: "res-post",
      } as const;
      const {spreads} = run(shape, munit);
      for (let block = 1; block <= layers; block++) {
        for (const layer of ["qkv", "mlp up"]) {
          expect(Math.abs(spreads.get(`block ${block} ${layer} activation`)! - 1)).toBeLessThan(0.05);
        }
      }
    }
  });

  it.each(variants)(
    "has, under unit scaling, the true gradient times one constant for each parameter: %o",
    (parts) => {
      // The cut-edge theorem: unit scaling's constants must leave each gradient's direction alone. The reference has the
      // same forward pass, and backward factors that equal the forward ones everywhere.
      const shape = {...small, ...parts};
      const constrained = unit;
      const truthful: Scheme = {
        ...constrained,
        embedding: (shape) => {
          const scale = constrained.embedding(shape);
          return {...scale, tokenGradient: scale.token, positionGradient: scale.position};
        },
        linear: (role, size, shape) => {
          const scale = constrained.linear(role, size, shape);
          return {...scale, inputGradient: scale.output, weightGradient: scale.output};
        },
        norm: () => ({parameterGradient: 1}),
        lossGradient: ({batch, context}) => 1 / (batch * context),
      };
      const scaled = run(shape, constrained);
      const truth = run(shape, truthful);
      expect(scaled.loss).toBe(truth.loss);
      scaled.gradients.forEach(({name, values}, p) => {
        const reference = truth.gradients[p].values;
        const dot = values.reduce((sum, value, i) => sum + value * reference[i], 0);
        const norm = (v: Float32Array) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
        expect(dot / (norm(values) * norm(reference)), name).toBeGreaterThan(1 - 1e-5);
      });
    },
  );
});
