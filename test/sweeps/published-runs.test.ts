import {describe, expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {plan} from "../../src/sweeps/plan.js";
import {readPreset} from "../../src/sweeps/preset.js";
import {readPublished} from "../../src/sweeps/published.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {loadCorpus} from "../../src/training/corpora/load-corpus.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {trainRun} from "../../src/training/train-run.js";

const choices = settingsChoices();
const published = (name: string) => readPublished([name], choices);
const runs = (name: string) => plan(readPreset(name), [], choices);

describe("the published sweeps", () => {
  it.each([
    "activations",
    "allocation",
    "block-size",
    "exponent-mantissa",
    "overtraining",
    "post-training",
    "precision",
    "recipes",
    "targets",
    "transfer",
    "unit",
  ])("of %s hold every run of their settings", (name) => {
    const record = published(name);
    expect(runs(name).filter((run) => record(run) === undefined)).toEqual([]);
  });

  it.each([
    ["precision", {width: 12, steps: 512, recipe: "int4", seed: 2}],
    ["transfer", {width: 32, scheme: "munit", recipe: "fp8"}],
    ["unit", {sequenceLayer: "recurrent", optimizer: "sgd", recipe: "fp8", scheme: "unit"}],
  ] as const)("hold the weights that a run of %s has today, to the bit", async (name, some) => {
    const isMeant = (run: RunSettings) =>
      Object.entries(some).every(([key, value]) => run[key as keyof RunSettings] === value);
    const run = runs(name).find(isMeant)!;
    const kernels = await createKernels();
    const {weightHash} = await trainRun(run, kernels, await loadCorpus(run, {kernels}));
    expect(weightHash).toBe(published(name)(run)!.weightHash);
  });
});
