import {readFileSync} from "node:fs";
import {beforeEach, describe, expect, it} from "vitest";
import {dynamic8, udynamic8} from "../../../src/formats/codebooks.js";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import type {Parameter} from "../../../src/nn/tensor.js";
import {createOptimizer} from "../../../src/training/optimizers/create-optimizer.js";
import type {optimizers} from "../../../src/training/optimizers/index.js";
import type {StateName} from "../../../src/training/optimizers/optimizer.js";
import {parseStorage, store} from "../../../src/training/optimizers/storage.js";

type StoredName = "masterWeights" | StateName;

/** Made by tools/reference/make_storage_reference.py; of every vector, each `every`th value. */
const reference = JSON.parse(
  readFileSync(new URL("../../fixtures/torch/optimizer-storage.json", import.meta.url), "utf8"),
) as {
  settings: Record<"learningRate" | "momentum" | "beta1" | "beta2" | "epsilon" | "weightDecay", number>;
  shape: [number, number];
  steps: number;
  every: number;
  cases: {
    optimizer: keyof typeof optimizers;
    formats: Partial<Record<StoredName, string>>;
    results: Partial<Record<"weights" | StateName, number[]>>;
  }[];
};

const exact = {masterWeights: "fp32", firstMoment: "fp32", secondMoment: "fp32", momentumState: "fp32"};
const size = reference.shape[0] * reference.shape[1];

let kernels: Kernels;
beforeEach(async () => {
  kernels = await createKernels();
});

describe("an optimizer whose state and weights are stored in few bits", () => {
  it.each(reference.cases.map((of) => [of.optimizer, Object.values(of.formats).join(", "), of] as const))(
    "%s with %s makes the steps of the reference",
    (optimizer, _, {formats, results}) => {
      const {weights, vectors} = run(optimizer, formats);
      const sampled = (values: Float32Array) => values.filter((_, i) => i % reference.every === 0);
      expect(distance(sampled(weights), results.weights!)).toBeLessThan(2e-6);
      for (const [name, values] of Object.entries(vectors)) {
        const expected = results[name as StateName]!;
        const largest = Math.max(...expected.map(Math.abs));
        const actual = sampled(values);
        // An error of rounding in float32 may turn the cast of a value that lies between two codes.
        const turned = expected.filter((value, i) => Math.abs(value - actual[i]) > 1e-6 * largest);
        expect(turned.length, name).toBeLessThanOrEqual(1);
      }
    },
  );

  it("holds nothing between two steps that its format cannot hold", () => {
    const {weights, vectors} = run("adamw", {
      masterWeights: "bf16 stochastic",
      firstMoment: "dynamic8",
      secondMoment: "udynamic8 block:1x256",
    });
    const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
    expect(bits.filter((word) => (word & 0xffff) !== 0)).toHaveLength(0);
    expectOnGrid(vectors.firstMoment!, dynamic8.values, 2048);
    expectOnGrid(vectors.secondMoment!, udynamic8.values, 256);
  });

  it("gives the same bits again, and other ones for another seed", () => {
    const stochastic = {masterWeights: "bf16 stochastic"};
    expect(run("adamw", stochastic).weights).toEqual(run("adamw", stochastic).weights);
    expect(run("adamw", stochastic, {seed: 2}).weights).not.toEqual(run("adamw", stochastic).weights);
  });

  it("shows the exact weights between update and store", () => {
    const parameter = model();
    const {update, store} = optimizerOf([parameter], "sgd", {masterWeights: "bf16"});
    kernels.float32(parameter.gradient, size).fill(1e-5);
    const before = kernels.float32(parameter.data, size).slice();
    update(0.001);
    const moved = kernels.float32(parameter.data, size).filter((value, i) => value !== before[i]).length;
    store();
    expect(moved).toBeGreaterThan(0.9 * size);
    const kept = kernels.float32(parameter.data, size).filter((value, i) => value === before[i]).length;
    expect(kept).toBeGreaterThan(0.9 * size);
  });
});

describe("bfloat16 weights whose updates are below half an ulp", () => {
  const steps = 200;
  const rate = 2 ** -14; // of weights of 1, whose spacing is 2^-7 above and 2^-8 below

  it("never move when rounded to nearest", () => {
    expect(moveFromOne("bf16").every((weight) => weight === 1)).toBe(true);
  });

  it("move by the sum of the updates on average when rounded stochastically", () => {
    const weights = moveFromOne("bf16 stochastic");
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / size;
    // Each step moves a weight by 2^-8 with probability 2^-6: a standard deviation of 2^-8·√(200/64) for one weight.
    const deviation = (2 ** -8 * Math.sqrt(steps / 64)) / Math.sqrt(size);
    expect(Math.abs(mean - (1 - steps * rate))).toBeLessThan(4 * deviation);
    expect(new Set(weights).size).toBeGreaterThan(4);
  });

  function moveFromOne(masterWeights: string): Float32Array {
    const parameter = model();
    kernels.fill(parameter.data, 1, size);
    const {update, store} = optimizerOf([parameter], "sgd", {masterWeights}, {momentum: 0, weightDecay: 0});
    for (let step = 0; step < steps; step++) {
      kernels.fill(parameter.gradient, 1, size);
      update(rate);
      store();
    }
    return kernels.float32(parameter.data, size).slice();
  }
});

describe("store(kernels, cast, values, random)", () => {
  const random = {seed: 1, stream: 1, step: 1};
  const stored = (text: string, shape: number[], values: readonly number[]) => {
    const address = kernels.allocate(values.length * 4);
    kernels.float32(address, values.length).set(values);
    store(kernels, parseStorage(text)!, {address, shape}, random);
    return [...kernels.float32(address, values.length)];
  };

  it("lets blocks of one row run on through the rows of a matrix", () => {
    // Blocks of four in two rows of six: the second block holds the end of the first row and the start of the second.
    const values = [1, 1, 1, 1, 0.1, 0.1, 100, 100, 1, 1, 1, 1];
    expect(stored("int4 block:1x4", [2, 6], values).map((x) => x === 0)).toEqual(
      [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0].map(Boolean),
    );
  });

  it("gives each row of a matrix its own scale where the format says so", () => {
    expect(stored("int4 row", [2, 2], [0.1, 0.1, 100, 100])).not.toContain(0);
    expect(stored("int4 tensor,fp32", [2, 2], [0.1, 0.1, 100, 100]).slice(0, 2)).toEqual([0, 0]);
  });
});

describe("parseStorage(text)", () => {
  it("leaves out what keeps every value as it is", () => {
    expect(parseStorage("fp32")).toBeUndefined();
    expect(parseStorage("bf16")).toBeDefined();
  });

  it("refuses what makes no sense for stored values, in one line", () => {
    expect(() => parseStorage("mxfp4 hadamard")).toThrow("hadamard is for operands of products");
    expect(() => parseStorage("e4m3fn delayed")).toThrow("present scales, not delayed ones");
    expect(() => parseStorage("dynamic9")).toThrow(/dynamic8/);
  });
});

function run(
  optimizer: keyof typeof optimizers,
  formats: Partial<Record<StoredName, string>>,
  changes: {seed?: number} = {},
) {
  const parameter = model();
  const {update, store, vectors} = optimizerOf([parameter], optimizer, formats, changes);
  for (let step = 1; step <= reference.steps; step++) {
    kernels.float32(parameter.gradient, size).set(inputs(step));
    update(reference.settings.learningRate);
    store();
  }
  const values = Object.entries(vectors).map(([name, [address]]) => [
    name,
    kernels.float32(address, size).slice(),
  ]);
  return {
    weights: kernels.float32(parameter.data, size).slice(),
    vectors: Object.fromEntries(values) as Partial<Record<StateName, Float32Array>>,
  };
}

function optimizerOf(
  parameters: readonly Parameter[],
  optimizer: keyof typeof optimizers,
  formats: Partial<Record<StoredName, string>>,
  changes: object = {},
) {
  const settings = {...reference.settings, ...exact, ...formats, optimizer, seed: 1, ...changes};
  return createOptimizer(kernels, parameters, settings);
}

/** One matrix with the initial values of the reference. */
function model(): Parameter {
  const [data, gradient] = [kernels.allocate(size * 4), kernels.allocate(size * 4)];
  kernels.float32(data, size).set(inputs(0));
  const [name, {shape}] = ["matrix", reference];
  return {name, shape, size, data, gradient, initial: {mean: 0, spread: 1}, learningRate: 1};
}

/** The initial weights (0) and the gradients of the steps (1, 2, …), as the reference makes them. */
function inputs(seed: number): Float32Array {
  return Float32Array.from({length: size}, (_, index) => {
    const first = Math.imul(index + 1, 2654435761 + 2 * seed) >>> 0;
    const mixed = Math.imul(first ^ (first >>> 15), 2246822519) >>> 0;
    return ((mixed >>> 24) / 128 - 1) * 2 ** -((mixed >>> 8) % 12);
  });
}

/** Every value, divided by the largest magnitude of its block, is close to one of the table. */
function expectOnGrid(values: Float32Array, table: readonly number[], block: number): void {
  for (let start = 0; start < values.length; start += block) {
    const part = values.subarray(start, start + block);
    const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // A block whose largest magnitude is negative cannot hold it: -0.993 of it is the lowest.
    const scale = largest * (part.includes(largest) ? 1 : 1 / 0.99296875);
    for (const value of part) {
      expect(Math.min(...table.map((entry) => Math.abs(entry - value / scale)))).toBeLessThan(1e-6);
    }
  }
}

const distance = (actual: Float32Array, expected: readonly number[]): number =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));
