import {expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {recipeNames} from "../../src/recipes/index.js";
import {schemeNames} from "../../src/schemes/index.js";
import type {Corpus} from "../../src/training/corpora/corpus.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {createTrainer} from "../../src/training/trainer.js";

const parse = settingsParser({schemes: schemeNames, recipes: recipeNames, corpusChecksum: () => ""});
const shape = {layers: 2, width: 32, heads: 2, context: 16, batch: 2, steps: 10};

const corpus: Corpus = {
  name: "numbers",
  vocabularySize: 24,
  floor: null,
  fill(_place, tokens, start, length) {
    for (let i = start; i < start + length; i++) tokens[i] = (i * i + 5) % 24;
    return 7;
  },
  decode: String,
};

/** Scales that differ with every bit of the largest magnitude. */
const sensitive = {
  forwardActivation: "e4m3fn tensor,fp32",
  weightGradientActivation: "e4m3fn tensor,fp32",
  inputGradientGradient: "e5m2 tensor,fp32",
  weightGradientGradient: "e5m2 tensor,fp32",
};

const cases: Readonly<Record<string, Partial<RunSettings>>> = {
  "one scale for each tensor": sensitive,
  "operands of their own in the weight gradient": {
    ...{...sensitive, weightGradientActivation: "e5m2 tensor,fp32"},
    weightGradientGradient: "e4m3fn tensor,fp32",
  },
  "norms that are cast": {...sensitive, normOutput: "e2m1 tensor"},
  "norms behind the branches, and ReLU": {...sensitive, normPlacement: "res-post", activation: "relu"},
  "norms behind the sums, and SiLU": {...sensitive, normPlacement: "post", activation: "silu"},
  "no norms": {...sensitive, normPlacement: "none"},
  "weighted branches": {...sensitive, scheme: "unit-mup", tiedHead: true},
  "gradients with factors of their own": {...sensitive, scheme: "unit", constraint: "none"},
  "weights of branches that differ": {...sensitive, scheme: "munit", residual: "running-mean"},
  "turned queries and keys": {...sensitive, positions: "rotary", queryKeyNorm: true, query: "e4m3fn tensor"},
  convolutions: {...sensitive, sequenceLayer: "convolution", groups: 4, kernelSize: 3},
  "clipped gradients": {...sensitive, straightThrough: "clipped"},
  "delayed scales": {recipe: "fp8-delayed"},
  "two levels of scales": {recipe: "nvfp4"},
};

/** Weights after some steps. */
function trained(kernels: Kernels, settings: Partial<RunSettings>): Uint32Array {
  const trainer = createTrainer(parse({...shape, recipe: "fp8-scaled", ...settings}), kernels, corpus);
  for (let i = 0; i < 4; i++) trainer.step();
  return new Uint32Array(trainer.weights().slice().buffer);
}

const tellers = [
  "layerNormForward",
  "geluForward",
  "reluForward",
  "siluForward",
  "multiply",
  "scaledAdd",
] as const;

/** Kernels that do the same and tell no magnitudes, so that casts search. */
function silent(kernels: Kernels): Kernels {
  const entries = tellers.map((name) => {
    const kernel = kernels[name] as (...values: number[]) => number;
    return [name, (...values: number[]) => void kernel(...values)];
  });
  return {...kernels, ...Object.fromEntries(entries)};
}

test.each(Object.keys(cases))(
  "casts find in the magnitudes that kernels tell what they would find in the tensors: %s",
  async (name) => {
    const told = trained(await createKernels(), cases[name]);
    const found = trained(silent(await createKernels()), cases[name]);
    expect(told.findIndex((bits, i) => bits !== found[i])).toBe(-1);
  },
);
