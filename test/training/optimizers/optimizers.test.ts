import {readFileSync} from "node:fs";
import {beforeEach, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import type {Parameter} from "../../../src/nn/tensor.js";
import {clipGradients} from "../../../src/training/clip-gradients.js";
import {createOptimizer} from "../../../src/training/optimizers/create-optimizer.js";
import {optimizers} from "../../../src/training/optimizers/index.js";

/** Made by tools/reference/make_optimizer_reference.py; vectors hold the parameters one after the other. */
const reference = JSON.parse(
  readFileSync(new URL("../../fixtures/torch/optimizers.json", import.meta.url), "utf8"),
) as {
  settings: Record<"learningRate" | "momentum" | "beta1" | "beta2" | "epsilon" | "weightDecay", number>;
  shapes: number[][];
  initial: number[];
  gradients: number[][];
  weights: Record<keyof typeof optimizers, number[]>;
  clipped: {optimizer: keyof typeof optimizers; clipNorm: number; weights: number[]};
};

const inFloat32 = {masterWeights: "fp32", firstMoment: "fp32", secondMoment: "fp32", momentumState: "fp32"};

let kernels: Kernels;
beforeEach(async () => {
  kernels = await createKernels();
});

describe.each(Object.keys(optimizers) as (keyof typeof optimizers)[])("%s", (name) => {
  it("makes the steps of the reference, with weight decay on the matrix only", () => {
    expect(distance(run(name), reference.weights[name])).toBeLessThan(3e-6);
  });

  it("does not move a weight that has neither gradient nor decay", () => {
    const {parameters, weights, count} = model();
    const settings = {...reference.settings, weightDecay: 0, ...inFloat32, optimizer: name, seed: 1};
    const {update} = createOptimizer(kernels, parameters, settings);
    kernels.fill(parameters[0].gradient, 0, count);
    for (let step = 0; step < 3; step++) update(0.1);
    expect([...weights()]).toEqual([...Float32Array.from(reference.initial)]);
  });
});

describe("clipGradients(kernels, parameters, largestNorm)", () => {
  it("clips as PyTorch does, over all parameters together", () => {
    const {optimizer, clipNorm, weights} = reference.clipped;
    expect(distance(run(optimizer, clipNorm), weights)).toBeLessThan(3e-6);
    expect(distance(run(optimizer), weights)).toBeGreaterThan(0.01);
  });

  it("leaves gradients within the norm, and those that are not finite, as they are", () => {
    const {parameters, count} = model();
    const gradients = () => kernels.float32(parameters[0].gradient, count);
    for (const first of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      kernels.fill(parameters[0].gradient, 0, count);
      gradients()[0] = first;
      gradients()[1] = 0.25;
      clipGradients(kernels, parameters, 1);
      expect([...gradients().slice(0, 2)]).toEqual([first, 0.25]);
    }
  });
});

function run(name: keyof typeof optimizers, clipNorm = Number.POSITIVE_INFINITY): Float32Array {
  const {parameters, weights, count} = model();
  const {update} = createOptimizer(kernels, parameters, {
    ...reference.settings,
    ...inFloat32,
    optimizer: name,
    seed: 1,
  });
  for (const gradient of reference.gradients) {
    kernels.float32(parameters[0].gradient, count).set(gradient);
    clipGradients(kernels, parameters, clipNorm);
    update(reference.settings.learningRate);
  }
  return weights();
}

/** The parameters of the reference side by side, as in a model. */
function model() {
  const sizes = reference.shapes.map((shape) => shape.reduce((product, length) => product * length, 1));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const [data, gradient] = [kernels.allocate(count * 4), kernels.allocate(count * 4)];
  let offset = 0;
  const parameters = sizes.map((size, i): Parameter => {
    const place = {data: data + offset, gradient: gradient + offset};
    offset += size * 4;
    const [name, shape] = [`parameter ${i}`, reference.shapes[i]];
    return {name, shape, size, ...place, initial: {mean: 0, spread: 1}, learningRate: 1};
  });
  kernels.float32(data, count).set(reference.initial);
  return {parameters, count, weights: () => kernels.float32(data, count).slice()};
}

const distance = (actual: Float32Array, expected: readonly number[]): number =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));
