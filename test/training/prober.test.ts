import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import type {Parameter} from "../../src/nn/tensor.js";
import {batchTokens} from "../../src/training/corpora/corpus.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import {createProber} from "../../src/training/prober.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {createTrainer, type Trainer} from "../../src/training/trainer.js";

const parse = settingsParser({
  schemes: ["standard", "unit"],
  recipes: ["fp32", "bf16", "fp8", "fp8-scaled"],
  corpusChecksum: () => "",
});
const small = {layers: 1, width: 32, heads: 2, context: 16, batch: 4, steps: 20, warmup: 0};
const settings = (changes: Partial<RunSettings>) => parse({...small, scheme: "unit", ...changes});

let kernels: Kernels;
let corpus: ReturnType<typeof markovCorpus>;
beforeAll(async () => {
  kernels = await createKernels();
  corpus = markovCorpus(readDeclarations().get("markov") as MarkovDeclaration, kernels);
});

function probed(changes: Partial<RunSettings> = {}) {
  const run = settings(changes);
  const trainer = createTrainer(run, kernels, corpus, {isProbed: true});
  return {trainer, observe: createProber(kernels, trainer, run.masterWeights)};
}

const copy = ({data, size}: Parameter) => kernels.float32(data, size).slice();
const named = (trainer: Trainer, name: string) => trainer.parameters.find((p) => p.name === name)!;
const norm = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));

/** All gradients of the first training batch, at the initial weights. */
function firstGradients(changes: Partial<RunSettings>): number[] {
  const trainer = createTrainer(settings(changes), kernels, corpus);
  const [inputs, targets] = [new Int32Array(64), new Int32Array(64)];
  batchTokens(corpus, {split: "training", seed: 1, step: 0, batch: 4, context: 16}, inputs, targets);
  trainer.gradients(inputs, targets);
  return Array.from(kernels.float32(trainer.parameters[0].gradient, trainer.parameterCount));
}

describe("createProber(kernels, trainer, masterWeights)", () => {
  it("compares the gradient under the recipe with that in float32", () => {
    const {trainer, observe} = probed({recipe: "fp8"});
    const {probes, gradientToNoise} = observe(0, trainer.probe);
    const [rounded, exact] = [firstGradients({recipe: "fp8"}), firstGradients({recipe: "fp32"})];
    const ratio = (from: number, to: number) => {
      const difference = rounded.slice(from, to).map((value, i) => value - exact[from + i]);
      return norm(exact.slice(from, to)) / norm(difference);
    };
    expect(gradientToNoise).toBeCloseTo(ratio(0, exact.length), 4);
    expect(gradientToNoise).toBeGreaterThan(Math.sqrt(3));

    const {data, size} = named(trainer, "block 1 mlp up");
    const from = (data - trainer.parameters[0].data) / 4;
    const probe = probes.find((p) => p.layer === "block 1 mlp up" && p.tensor === "weight gradient");
    expect(probe?.gradientToNoise).toBeCloseTo(ratio(from, from + size), 4);
  });

  it("has no noise to tell of where nothing is rounded, and needs no memory for it", () => {
    const {trainer, observe} = probed({recipe: "fp32"});
    const {probes, gradientToNoise} = observe(0, trainer.step);
    expect(gradientToNoise).toBeNull();
    expect(probes.every((probe) => probe.gradientToNoise === null && probe.casts.length === 0)).toBe(true);
    expect(trainer.memory.probes).toBe(0);
  });

  it("trains as an unwatched trainer does", () => {
    const changes = {recipe: "fp8-scaled"};
    const {trainer, observe} = probed(changes);
    const plain = createTrainer(settings(changes), kernels, corpus);
    for (let step = 0; step < 5; step++) {
      if (step % 2 === 0) observe(step, trainer.step);
      else trainer.step();
      plain.step();
    }
    expect(trainer.weights()).toEqual(plain.weights());
  });

  it("tells which updates the stored weights and the cast would not notice", () => {
    const {trainer, observe} = probed({recipe: "fp8", learningRate: 3e-8});
    const weight = named(trainer, "block 1 qkv");
    const before = copy(weight);
    const {probes} = observe(0, trainer.step);
    const after = copy(weight);
    const share = (isSmall: (i: number) => boolean) =>
      before.filter((_, i) => isSmall(i)).length / before.length;
    const probe = probes.find(({layer, tensor}) => layer === "block 1 qkv" && tensor === "weight");
    // Float32 keeps an update below half a spacing to itself; the spacing of E4M3 is 1/8 of the power of two below.
    expect(probe?.updates?.stored).toBe(share((i) => after[i] === before[i]));
    expect(probe?.updates?.stored).toBeGreaterThan(0);
    expect(probe?.updates?.cast).toBe(1);
    expect(probes.filter(({tensor}) => tensor !== "weight").every(({updates}) => updates === null)).toBe(
      true,
    );
  });

  it("sees the update before the stored weights are rounded", () => {
    const {trainer, observe} = probed({recipe: "bf16", masterWeights: "bf16", learningRate: 1e-4});
    const weight = named(trainer, "head");
    const before = copy(weight);
    const {probes} = observe(0, trainer.step);
    const unchanged = before.filter((value, i) => value === kernels.float32(weight.data, weight.size)[i]);
    const probe = probes.find(({layer, tensor}) => layer === "head" && tensor === "weight");
    const lost = unchanged.length / before.length;
    expect(lost).toBeGreaterThan(0.5);
    // Below a power of two the next value is nearer than the spacing above it says.
    expect(Math.abs(probe!.updates!.stored! - lost)).toBeLessThan(0.02);
  });

  it("tells of each cast that the recipe makes", () => {
    const {trainer, observe} = probed({recipe: "fp8"});
    const {probes} = observe(0, trainer.probe);
    const castsOf = (layer: string, tensor: string) =>
      probes.find((probe) => probe.layer === layer && probe.tensor === tensor)?.casts;
    expect(castsOf("block 1 mlp down", "activation")).toMatchObject([{product: "forward"}]);
    expect(castsOf("head", "weight")).toMatchObject([{product: "forward"}]);
    expect(castsOf("head", "activation gradient")).toHaveLength(1);
    expect(castsOf("head", "weight gradient")).toEqual([]);
    expect(castsOf("embedding", "weight")).toEqual([]);
    const [{signalToNoise}] = castsOf("head", "weight")!;
    // Three mantissa bits: a relative error of 2^-4 at most, a third of its square on average or a little more.
    expect(10 * Math.log10(signalToNoise)).toBeGreaterThan(28);
    expect(10 * Math.log10(signalToNoise)).toBeLessThan(36);
  });

  it("sees keys and values where a recipe casts them, as a cache would hold them", () => {
    const {trainer, observe} = probed({recipe: "fp8", key: "int4 row", normOutput: "bf16"});
    const {probes} = observe(0, trainer.probe);
    const casts = probes.flatMap(({layer, tensor, casts}) =>
      casts.map(({cast}) => `${layer} ${tensor}: ${cast}`),
    );
    expect(casts).toContain("block 1 key activation: int4 row");
    expect(casts).toContain("final norm activation: bf16");
    expect(casts.some((text) => text.startsWith("block 1 value"))).toBe(false);
  });

  it("sees the casts of a recurrent cell", () => {
    const {trainer, observe} = probed({recipe: "fp8", sequenceLayer: "recurrent"});
    const {probes} = observe(0, trainer.step);
    const state = probes.filter(({layer}) => layer === "block 1 recurrent state");
    const products = state.map(({tensor, casts}) => [tensor, ...casts.map(({product}) => product)]);
    expect(products).toContainEqual(["activation", "forward", "weight gradient"]);
    expect(products).toContainEqual(["weight", "forward"]);
    expect(products).toContainEqual(["activation gradient", "input gradient", "weight gradient"]);
    expect(state.find(({tensor}) => tensor === "weight")?.updates?.cast).toBeGreaterThan(0);
  });
});
