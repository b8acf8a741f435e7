import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {recipeNames} from "../../src/recipes/index.js";
import {schemeNames} from "../../src/schemes/index.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import {createRun} from "../../src/training/run.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {unusedSettings} from "../../src/training/unused-settings.js";

const parse = settingsParser({schemes: schemeNames, recipes: recipeNames, corpusChecksum: () => ""});
type Changes = Partial<RunSettings>;
const small = {layers: 1, width: 16, context: 8, batch: 2, steps: 5, warmup: 1, evaluationBatches: 1};
const settingsOf = (changes: Changes) => parse({...small, learningRate: 0.01, ...changes});
const unusedIn = (...runs: Changes[]) =>
  unusedSettings(
    runs.map((changes) => settingsOf(changes)),
    parse,
  ).map(({key}) => key);

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const results = new Map<string, string>();

/** The weights and losses of a run, as text. */
function resultOf(changes: Changes): string {
  const settings = settingsOf(changes);
  const name = JSON.stringify(settings);
  const known = results.get(name);
  if (known) return known;
  const corpus = markovCorpus(readDeclarations().get("markov") as MarkovDeclaration, kernels);
  const run = createRun(settings, kernels, corpus);
  while (!run.isFinished) run.step();
  const {weightHash, trainingLoss, heldOutLoss} = run.record();
  run.close();
  const result = JSON.stringify({weightHash, trainingLoss, heldOutLoss});
  results.set(name, result);
  return result;
}

/** A value of each setting that is not its default. */
const others: Changes = {
  ...{heads: 2, attentionLogits: "inverse", softmax: "square-root", queryKeyNorm: true},
  ...{query: "e2m1", key: "e2m1", value: "e2m1", attentionGradient: "e2m1 tensor"},
  ...{probabilities: "e2m1", softmaxOutput: "e2m1", kernelSize: 2, groups: 2},
  ...{norm: "rms", normOutput: "e2m1", residualWeight: 0.5, baseWidth: 32, initialSpread: 0.1},
  ...{constraint: "arithmetic-mean", activationMultiplier: 2, lossMultiplier: 2, attentionMultiplier: 2},
  ...{residualMultiplier: 2, residualAttentionRatio: 2, finalLearningRate: 0.5, decaySteps: 2},
  ...{momentum: 0.5, momentumState: "e2m1 tensor", beta1: 0.5, beta2: 0.5, epsilon: 0.01},
  ...{firstMoment: "e2m1 tensor", secondMoment: "e2m1 tensor"},
};

const places: readonly Changes[] = [
  {},
  {sequenceLayer: "convolution"},
  {sequenceLayer: "recurrent", optimizer: "adam"},
  {scheme: "mup", optimizer: "lamb", attentionLogits: "inverse-root"},
  {scheme: "unit", optimizer: "sgd", normPlacement: "none"},
  {scheme: "unit", residual: "running-mean", normPlacement: "none", queryKeyNorm: true},
  {scheme: "munit", optimizer: "lion", schedule: "constant"},
  {scheme: "unit-mup", schedule: "warmup-stable-decay", attentionLogits: "inverse-root"},
  {scheme: "unit-mup", residual: "fixed", sequenceLayer: "recurrent"},
  {residual: "fixed", schedule: "linear"},
];

describe("unusedSettings(runs)", () => {
  it.each(places)("names what changes nothing, and nothing else, beside %j", (place) => {
    for (const [key, value] of Object.entries(others) as [keyof RunSettings, never][]) {
      if (key in place) continue;
      const isUnused = unusedIn({...place, [key]: value}).includes(key);
      expect([key, resultOf({...place, [key]: value}) === resultOf(place)]).toEqual([key, isUnused]);
    }
  });

  it("names a setting only where it does nothing in any run that sets it", () => {
    const [sgd, lion] = [{optimizer: "sgd"}, {optimizer: "lion"}] as const;
    expect(unusedIn({...sgd, momentum: 0.5}, {...lion, momentum: 0.5})).toEqual([]);
    expect(unusedIn(sgd, {...lion, momentum: 0.5})).toEqual(["momentum"]);
  });

  it("says nothing of defaults, also of those that follow from other settings", () => {
    expect(unusedSettings([parse({}), parse({steps: 50})], parse)).toEqual([]);
    expect(unusedSettings([parse({steps: 50, decaySteps: 20})], parse)).toEqual([
      {key: "decaySteps", use: "the schedule warmup-stable-decay"},
    ]);
  });
});
