import {runId} from "../../src/training/run-id.js";
import {type RunRecord, recordVersion} from "../../src/training/run-record.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {type SettingsChoices, settingsParser} from "../../src/training/run-settings-schema.js";

/** Choices that need no files. */
export const choices: SettingsChoices = {
  schemes: ["standard", "unit"],
  recipes: ["fp32", "fp8", "fp8-scaled"],
  corpusChecksum: (_, given) => given,
};

const parse = settingsParser(choices);

export const sampleSettings = (changes: Partial<RunSettings> = {}): RunSettings =>
  parse({corpus: "markov", ...changes, corpusChecksum: ""});

/** A record as a run would make it, with made-up results. */
export function sampleRecord(settings = sampleSettings(), engine = "engine"): RunRecord {
  return {
    id: runId(settings, engine),
    version: recordVersion,
    engine,
    settings,
    parameters: 1234,
    memory: {weights: 4936, gradients: 4936, optimizer: 9872, activations: 2000, probes: 0},
    tokens: 5678,
    vocabularySize: 27,
    trainingLoss: [3.3, 2.1, 1 / 3],
    heldOutLoss: [{step: 3, loss: 1.25}],
    finalTrainingLoss: 1 / 3,
    finalHeldOutLoss: 1.25,
    floor: 0.65,
    postTraining: [{cast: "int4 row", method: "gptq", heldOutLoss: 1.5}],
    diverged: null,
    probes: [
      {
        step: 0,
        depth: 0,
        layer: "embedding",
        tensor: "activation gradient",
        elements: 100,
        mean: 0,
        spread: 1e-30,
        largest: 2,
        zeros: 0.5,
        histogram: [0.25, 0.25],
        underflow: {e4m3fn: 0.125},
        overflow: {e4m3fn: 0},
        casts: [
          {
            ...{product: "weight gradient", cast: "e5m2", signalToNoise: Number.POSITIVE_INFINITY},
            ...{underflow: 0.125, overflow: 0, codes: null},
          },
        ],
        gradientToNoise: null,
        updates: {stored: 0.5, cast: null},
      },
    ],
    gradientToNoise: [{step: 0, ratio: 12.5}],
    lossScaling: {scale: 65536, skippedSteps: 2},
    weightHash: "f".repeat(64),
    timing: {seconds: 1.5, tokensPerSecond: 3785.3},
  };
}
