import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex, utf8ToBytes} from "@noble/hashes/utils.js";
import {createKernels} from "../../src/kernels/kernels.js";
import {recipeNames} from "../../src/recipes/index.js";
import {schemeNames} from "../../src/schemes/index.js";
import {canonicalJson} from "../../src/training/canonical-json.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import type {RunRecord} from "../../src/training/run-record.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {trainRun} from "../../src/training/train-run.js";

// This module runs in Node and, bundled, in browsers.

/** Short runs that have between them every part of the engine whose bits a machine could change. */
export const recordedRuns: Readonly<Record<string, Partial<RunSettings>>> = {
  "u-µP with Hadamard transforms and random bits": {
    ...{scheme: "unit-mup", recipe: "mxfp4", learningRate: 0.05},
    ...{positions: "rotary", queryKeyNorm: true, norm: "rms", activation: "swiglu", tiedHead: true},
    ...{masterWeights: "bf16 stochastic", firstMoment: "e4m3fn tensor", clipNorm: 1},
  },
  "µnit scaling with square-root softmax, Lion and 8-bit integers": {
    ...{scheme: "munit", recipe: "int8", softmax: "square-root", attentionLogits: "inverse"},
    ...{positions: "relative", optimizer: "lion", learningRate: 0.003, straightThrough: "clipped"},
    ...{probabilities: "e4m3fn stochastic", schedule: "warmup-stable-decay"},
  },
  "unit-scaled convolutions with delayed scales, LAMB and a matrix unit": {
    ...{scheme: "unit", recipe: "fp8-delayed", sequenceLayer: "convolution", groups: 4, kernelSize: 3},
    ...{optimizer: "lamb", learningRate: 0.05, forwardUnit: "h100-wgmma", residual: "running-mean"},
  },
  "a recurrent model with a dynamic loss scale and momentum": {
    ...{scheme: "standard", recipe: "fp16-dynamic", sequenceLayer: "recurrent", activation: "silu"},
    ...{optimizer: "sgd", learningRate: 0.3, momentumState: "bf16", layerRecipes: "head=nvfp4"},
  },
  "µP in DeepSeek's tiles, with norms after the branches": {
    ...{scheme: "mup", recipe: "deepseek-v3", normPlacement: "res-post", activation: "relu"},
    ...{schedule: "linear", softmaxOutput: "bf16", normOutput: "bf16"},
  },
  "weights quantized after training": {
    ...{scheme: "unit", recipe: "fp8", learningRate: 0.1, layers: 2},
    postTraining: "int3 row; gptq int3 row; gptq mxfp4; gptq int2 block:1x8,pow2",
  },
};

const small = {
  layers: 1,
  width: 32,
  heads: 2,
  context: 16,
  batch: 4,
  steps: 12,
  evaluationBatches: 1,
  probeEvery: 6,
};
const parse = settingsParser({schemes: schemeNames, recipes: recipeNames, corpusChecksum: () => ""});

/** Hashes of all that a run gives, probes included, by its name. */
export async function runHashes(declaration: MarkovDeclaration): Promise<Record<string, string>> {
  const kernels = await createKernels();
  const corpus = markovCorpus(declaration, kernels);
  const hashes: Record<string, string> = {};
  for (const [name, settings] of Object.entries(recordedRuns)) {
    hashes[name] = hashOf(await trainRun(parse({...small, ...settings}), kernels, corpus));
  }
  return hashes;
}

/** Of the results alone: neither of what was asked for nor of the time it took. */
function hashOf({
  id: _,
  engine: __,
  settings: ___,
  timing: ____,
  postTraining,
  ...training
}: RunRecord): string {
  const results = postTraining.length > 0 ? {...training, postTraining} : training;
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(results)))).slice(0, 16);
}
