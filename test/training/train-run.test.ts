import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {recipeNames} from "../../src/recipes/index.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import {totalBytes} from "../../src/training/memory-plan.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {trainRun} from "../../src/training/train-run.js";

const parse = settingsParser({
  schemes: ["standard", "unit"],
  recipes: recipeNames,
  corpusChecksum: () => "",
});
const small = {layers: 2, width: 32, heads: 2, context: 32, batch: 8, steps: 40, evaluationBatches: 4};
const tuned = {
  standard: {scheme: "standard", learningRate: 0.008},
  unit: {scheme: "unit", learningRate: 0.12, weightDecay: 0},
};

let kernels: Kernels;
let declaration: MarkovDeclaration;
beforeAll(async () => {
  kernels = await createKernels();
  declaration = readDeclarations().get("markov") as MarkovDeclaration;
});

const train = (settings: Partial<RunSettings>) =>
  trainRun(parse({...small, ...settings}), kernels, markovCorpus(declaration, kernels));

describe("trainRun(settings, kernels, corpus)", () => {
  it("gives the recorded weights, whatever the machine, the version of Node or the browser", async () => {
    const {weightHash} = await train({...tuned.unit, recipe: "fp8"});
    expect(weightHash).toBe("627078904cb37e97e43ed0deba92ec798f6ab1eb99023586563ef6b4787a1369");
  });

  it("gives the same weights again, and with probes and held-out measurements between the steps", async () => {
    const plain = await train(tuned.standard);
    const watched = await train({...tuned.standard, probe: true, probeEvery: 9, evaluateEvery: 7});
    expect(watched.weightHash).toBe(plain.weightHash);
    expect((await train(tuned.standard)).weightHash).toBe(plain.weightHash);
    expect((await train({...tuned.standard, seed: 2})).weightHash).not.toBe(plain.weightHash);
    expect(watched.heldOutLoss.map(({step}) => step)).toEqual([7, 14, 21, 28, 35, 40]);
    expect([...new Set(watched.probes.map(({step}) => step))]).toEqual([0, 9, 18, 27, 36, 40]);
  });

  it.each(["nvfp4", "fp8-delayed"])(
    "gives the same weights whatever is measured between the steps, under %s",
    async (recipe) => {
      const settings = {...tuned.unit, recipe, layers: 1, steps: 12};
      const plain = await train(settings);
      const watched = await train({...settings, probe: true, probeEvery: 3, evaluateEvery: 5});
      expect(watched.weightHash).toBe(plain.weightHash);
    },
  );

  it("lowers the loss from the logarithm of the vocabulary, and stays above the floor", async () => {
    const {trainingLoss, finalHeldOutLoss, floor, tokens, parameters} = await train({
      ...tuned.standard,
      steps: 150,
    });
    expect(trainingLoss[0]).toBeCloseTo(Math.log(27), 0);
    expect(finalHeldOutLoss).toBeLessThan(2.4);
    expect(finalHeldOutLoss).toBeGreaterThan(floor!);
    expect(tokens).toBe(150 * 8 * 32);
    expect(parameters).toBe((2 * 27 + 32) * 32 + 2 * 12 * 32 * 32 + 2 * 5 * 32);
  });

  it("probes every tensor of every layer before and after training, in the order of the network", async () => {
    const {probes} = await train({...tuned.unit, probe: true});
    const layers = [...new Set(probes.map(({layer}) => layer))];
    expect(layers.at(0)).toBe("embedding");
    expect(layers.at(-1)).toBe("head");
    expect(probes).toHaveLength(2 * 4 * (2 + 4 * small.layers));
    expect(new Set(probes.map(({step}) => step))).toEqual(new Set([0, small.steps]));
    for (const {depth, layer, histogram, zeros, spread, largest, elements} of probes) {
      expect(depth).toBe(layers.indexOf(layer));
      expect(histogram.reduce((sum, share) => sum + share, zeros)).toBeCloseTo(1, 6);
      expect(spread).toBeLessThanOrEqual(largest);
      expect(elements).toBeGreaterThan(0);
    }
  });

  it("trains in plain FP8 under unit scaling as in float32, and worse than that under the standard scheme", async () => {
    const final = async (scheme: "standard" | "unit", recipe: string) =>
      (await train({...tuned[scheme], recipe, steps: 150, batch: 64})).finalHeldOutLoss!;
    const lost = async (scheme: "standard" | "unit") =>
      (await final(scheme, "fp8")) - (await final(scheme, "fp32"));
    expect(Math.abs(await lost("unit"))).toBeLessThan(0.05);
    expect(await lost("standard")).toBeGreaterThan(0.1);
  });

  it("ends a run that diverges, and records when and why", async () => {
    const {diverged, finalHeldOutLoss, trainingLoss, probes} = await train({
      ...tuned.standard,
      recipe: "fp16",
      learningRate: 1000,
      warmup: 0,
      probe: true,
    });
    expect(diverged?.reason).toBe("the training loss is not a finite number");
    expect(diverged!.step).toBe(trainingLoss.length + 1);
    expect(finalHeldOutLoss).toBeNull();
    expect(new Set(probes.map(({step}) => step))).toEqual(new Set([0]));
  });

  it("stops when it is told to, and gives its memory back", async () => {
    const before = kernels.mark();
    const signal = AbortSignal.abort(new Error("enough"));
    const corpus = markovCorpus(declaration, kernels);
    await expect(trainRun(parse(small), kernels, corpus, {signal})).rejects.toThrow("enough");
    expect(kernels.mark()).toBe(before);
  });

  it("ends a run whose loss explodes without ever being infinite", async () => {
    const {diverged, trainingLoss, finalTrainingLoss} = await train({
      ...tuned.standard,
      recipe: "fp8",
      learningRate: 30,
      warmup: 0,
      steps: 100,
    });
    expect(diverged?.reason).toContain("4 times that of guessing, for 50 steps");
    expect(trainingLoss).toHaveLength(diverged!.step);
    expect(diverged!.step).toBeLessThan(100);
    expect(finalTrainingLoss).toBeNull();
  });

  it("says in the record how much memory the run took", async () => {
    const before = kernels.mark();
    let taken = 0;
    const {memory} = await trainRun(
      parse({...small, steps: 1}),
      kernels,
      markovCorpus(declaration, kernels),
      {
        onProgress: () => {
          taken = kernels.mark() - before;
        },
      },
    );
    expect(totalBytes(memory)).toBe(taken);
    expect(memory.optimizer).toBe(2 * memory.weights);
  });

  it("refuses a model that does not fit into memory, with the size that it would need", async () => {
    await expect(train({width: 8192, layers: 64})).rejects.toThrow(
      /^the memory does not suffice for \d+ GiB \(weights 192 GiB, .*\); a WASM memory has 4096 MiB at most: lower width or layers$/,
    );
  });
});
