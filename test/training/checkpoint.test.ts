import fc from "fast-check";
import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {recipeNames} from "../../src/recipes/index.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import {explosion} from "../../src/training/divergence.js";
import {optimizers} from "../../src/training/optimizers/index.js";
import {createRun, type Run, type RunCheckpoint} from "../../src/training/run.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {trainRun} from "../../src/training/train-run.js";

const parse = settingsParser({schemes: ["standard", "unit"], recipes: recipeNames, corpusChecksum: () => ""});
const small: Partial<RunSettings> = {
  ...{layers: 1, width: 32, heads: 2, context: 32, batch: 2, steps: 9, evaluationBatches: 1},
  ...{scheme: "standard", learningRate: 0.01},
};

let kernels: Kernels;
let declaration: MarkovDeclaration;
beforeAll(async () => {
  kernels = await createKernels();
  declaration = readDeclarations().get("markov") as MarkovDeclaration;
});

function goOn(
  settings: RunSettings,
  kernels: Kernels,
  checkpoint?: RunCheckpoint,
  until = settings.steps,
): Run {
  const run = createRun(settings, kernels, markovCorpus(declaration, kernels), {checkpoint});
  while (!run.isFinished && run.stepsDone < until) run.step();
  return run;
}

/** The record of a run, but for the time it took. */
function outcome(run: Run) {
  const {timing: _, ...record} = run.record();
  run.close();
  return record;
}

/** Trains in one piece, and in two with another engine for the second one. */
async function inOneAndTwo(settings: Partial<RunSettings>, at: number) {
  const parsed = parse({...small, ...settings});
  const whole = outcome(goOn(parsed, kernels));
  const first = goOn(parsed, kernels, undefined, at);
  const checkpoint = structuredClone(first.save());
  first.close();
  const second = await createKernels();
  return {whole, pieces: outcome(goOn(parsed, second, checkpoint))};
}

describe("createRun(settings, kernels, corpus, {checkpoint}) gives the record of a run that was never interrupted", () => {
  it.each(recipeNames)("under the recipe %s", async (recipe) => {
    const {whole, pieces} = await inOneAndTwo({recipe}, 4);
    expect(whole.diverged).toBeNull();
    expect(pieces).toEqual(whole);
  });

  it.each(Object.keys(optimizers))("with the optimizer %s", async (optimizer) => {
    const {whole, pieces} = await inOneAndTwo({optimizer} as Partial<RunSettings>, 5);
    expect(pieces).toEqual(whole);
  });

  it.each<[string, Partial<RunSettings>]>([
    ["probes and held-out losses", {recipe: "nvfp4", probe: true, probeEvery: 2, evaluateEvery: 3}],
    [
      "weights and moments that are stored with random bits",
      {masterWeights: "bf16 stochastic", secondMoment: "bf16"},
    ],
    ["a recurrent layer", {sequenceLayer: "recurrent"}],
    ["a convolution", {sequenceLayer: "convolution"}],
    ["rounding after training", {postTraining: "int4 row"}],
  ])("with %s", async (_, settings) => {
    const {whole, pieces} = await inOneAndTwo(settings, 4);
    expect(pieces).toEqual(whole);
  });

  it("after steps that a dynamic loss scale has left out", async () => {
    const {whole, pieces} = await inOneAndTwo({recipe: "fp16-dynamic", scheme: "unit", steps: 14}, 8);
    expect(whole.lossScaling.skippedSteps).toBeGreaterThan(0);
    expect(pieces).toEqual(whole);
  });

  it("from any step on", async () => {
    const settings = parse({...small, steps: 6, recipe: "fp8-delayed"});
    const whole = outcome(goOn(settings, kernels));
    fc.assert(
      fc.property(fc.integer({min: 0, max: 5}), (at) => {
        const first = goOn(settings, kernels, undefined, at);
        const checkpoint = first.save();
        first.close();
        expect(outcome(goOn(settings, kernels, checkpoint))).toEqual(whole);
      }),
      {numRuns: 12},
    );
  });

  it("and ends a run as early whose loss had begun to explode", () => {
    const settings = parse({...small, steps: 100, recipe: "fp8", learningRate: 30, warmup: 0});
    const whole = goOn(settings, kernels);
    const {diverged} = whole;
    whole.close();
    expect(diverged?.reason).toContain("times that of guessing");
    const first = goOn(settings, kernels, undefined, diverged!.step - explosion.steps / 2);
    const checkpoint = first.save();
    first.close();
    const second = goOn(settings, kernels, checkpoint);
    expect(second.diverged).toEqual(diverged);
    second.close();
  });
});

describe("trainRun(settings, kernels, corpus, {checkpoints})", () => {
  it("saves at intervals while there are steps to do, and starts from what is loaded", async () => {
    const settings = parse(small);
    const saved: RunCheckpoint[] = [];
    const train = (start?: RunCheckpoint) =>
      trainRun(settings, kernels, markovCorpus(declaration, kernels), {
        checkpoints: {
          interval: 0,
          load: async () => start,
          save: async (checkpoint) => {
            saved.push(checkpoint);
          },
        },
      });
    const whole = await train();
    const steps = () => saved.map(({trainer}) => trainer.stepsDone);
    expect(steps()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const again = await train(saved.splice(0)[5]);
    expect(steps()).toEqual([7, 8]);
    expect(again.weightHash).toBe(whole.weightHash);
  });
});
