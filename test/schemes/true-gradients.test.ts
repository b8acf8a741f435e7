import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gptParts, type ModelShape} from "../../src/nn/model-shape.js";
import type {Scheme} from "../../src/nn/scheme.js";
import {constraints} from "../../src/schemes/constraint.js";
import {munit} from "../../src/schemes/munit.js";
import {unit} from "../../src/schemes/unit.js";
import {unitMup} from "../../src/schemes/unit-mup.js";
import {modelPass} from "../nn/model-pass.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const shape: ModelShape = {
  ...gptParts,
  ...{layers: 2, width: 24, heads: 3, context: 11, batch: 3, vocabulary: 17},
};
const fixed = {residual: "fixed", residualWeight: 0.2} as const;
const multipliers = {
  ...{activationMultiplier: 0.5, attentionMultiplier: 3, lossMultiplier: 2},
  ...{residualMultiplier: 0.6, residualAttentionRatio: 1.5},
};

/** The same forward pass; the backward factors are those of the forward pass everywhere, and the loss is the mean. */
const truthful = (scheme: Scheme): Scheme => ({
  ...scheme,
  embedding: (shape) => {
    const scale = scheme.embedding(shape);
    return {...scale, tokenGradient: scale.token, positionGradient: scale.position};
  },
  linear: (role, size, shape) => {
    const scale = scheme.linear(role, size, shape);
    return {...scale, inputGradient: scale.output, weightGradient: scale.output};
  },
  activation: (name) => {
    const scale = scheme.activation(name);
    return {...scale, inputGradient: scale.output};
  },
  norm: () => ({parameterGradient: 1}),
  lossGradient: ({batch, context}) => 1 / (batch * context),
});

/** The smallest cosine between the gradient of a parameter and its true gradient. */
function worstAlignment(scheme: Scheme): number {
  const shapeOfScheme = {...shape, normPlacement: scheme.normPlacement};
  const scaled = modelPass(kernels, shapeOfScheme, scheme);
  const truth = modelPass(kernels, shapeOfScheme, truthful(scheme));
  expect(scaled.loss).toBe(truth.loss);
  const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const cosines = scaled.gradients.map(({values}, p) => {
    const reference = truth.gradients[p].values;
    return inner(values, reference) / Math.sqrt(inner(values, values) * inner(reference, reference));
  });
  return Math.min(...cosines);
}

// Two directions that differ by rounding errors of float32 have a cosine of 1 to about 1e-10.
describe("every parameter's gradient is its true gradient times one constant", () => {
  const equalizing = constraints.filter((name) => name !== "none");

  it.each(equalizing)("under unit scaling with the constraint %s", (constraint) => {
    expect(worstAlignment(unit({...fixed, constraint}))).toBeGreaterThan(1 - 1e-8);
  });

  it.each(equalizing)("under u-µP with the constraint %s and all its multipliers", (constraint) => {
    const scheme = unitMup({...multipliers, constraint, residual: "default", residualWeight: 0.2});
    expect(worstAlignment(scheme)).toBeGreaterThan(1 - 1e-8);
  });

  it("under µnit scaling", () => {
    expect(worstAlignment(munit({...fixed, baseWidth: 24, optimizer: "adam"}))).toBeGreaterThan(1 - 1e-8);
  });

  it("but not without a constraint", () => {
    expect(worstAlignment(unit({...fixed, constraint: "none"}))).toBeLessThan(0.999);
  });
});
