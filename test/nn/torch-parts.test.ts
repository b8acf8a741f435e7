import {describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {schemeNames} from "../../src/schemes/index.js";
import type {Corpus} from "../../src/training/corpora/corpus.js";
import {createOptimizer} from "../../src/training/optimizers/create-optimizer.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {createTrainer, type Trainer} from "../../src/training/trainer.js";
import {loadPartsReference, type PartsCase} from "../fixtures/torch/load-parts.js";

const {cases, optimizer} = loadPartsReference();
const parse = settingsParser({schemes: schemeNames, recipes: ["fp32"], corpusChecksum: () => ""});

const titled = cases.map((reference) => {
  const {vocabulary: _, ...settings} = reference.settings;
  return {title: titleOf(reference), settings: parse(settings), reference};
});

describe.each(titled)("a model with $title against PyTorch", ({settings, reference}) => {
  it("has the same parameters with the same learning rates, the same loss and the same gradients", async () => {
    const {trainer, kernels} = await started();
    expect(trainer.parameters.map(({name, shape}) => ({name, shape}))).toEqual(
      reference.parameters.map(([name, shape]) => ({name, shape})),
    );
    trainer.parameters.forEach(({name, learningRate}, i) => {
      expect(Math.abs(learningRate / reference.parameters[i][2] - 1), name).toBeLessThan(1e-12);
    });
    const loss = trainer.gradients(reference.tokens, reference.targets);
    expect(Math.abs(loss - reference.loss)).toBeLessThan(1e-6);
    trainer.parameters.forEach(({name, gradient, size}, i) => {
      const difference = relativeDifference(kernels.float32(gradient, size), reference.gradients[i]);
      expect(difference, name).toBeLessThan(1e-5);
    });
  });

  it("has the same losses in ten steps of AdamW", async () => {
    const {trainer, kernels} = await started();
    const {update} = createOptimizer(kernels, trainer.parameters, {...settings, ...optimizer});
    const losses = [trainer.gradients(reference.tokens, reference.targets)];
    for (let step = 1; step <= optimizer.steps; step++) {
      update(optimizer.learningRate);
      losses.push(trainer.gradients(reference.tokens, reference.targets));
    }
    const differences = losses.map((loss, step) => Math.abs(loss - reference.trainingLoss[step]));
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });

  /** A trainer that holds the weights of the reference. */
  async function started(): Promise<{trainer: Trainer; kernels: Kernels}> {
    const kernels = await createKernels();
    const vocabularySize = reference.settings.vocabulary as number;
    const trainer = createTrainer(settings, kernels, {...corpus, vocabularySize});
    const weights = trainer.weights();
    let offset = 0;
    for (const values of reference.weights) {
      weights.set(values, offset);
      offset += values.length;
    }
    return {trainer, kernels};
  }
});

/** The settings in which the case differs from the others. */
function titleOf({settings}: PartsCase): string {
  const usual = cases[0].settings;
  const told = Object.entries(settings).filter(
    ([key, value]) => key !== "vocabulary" && (key === "scheme" || value !== usual[key]),
  );
  return told.map(([key, value]) => `${key} ${value}`).join(", ");
}

/** The reference brings its own batch. */
const corpus: Omit<Corpus, "vocabularySize"> = {name: "none", floor: null, fill: () => 0, decode: String};

/** Norm of the difference over the norm of what is expected. */
function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  const norm = (values: Iterable<number>) => Math.hypot(...values);
  return norm(expected.map((value, i) => value - actual[i])) / norm(expected);
}
