import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {engineId} from "../src/kernels/generated.js";
import {plan} from "../src/sweeps/plan.js";
import {readPreset} from "../src/sweeps/preset.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import {entryText} from "../src/sweeps/store-entry.js";
import {recordFileName} from "../src/sweeps/store-files.js";
import {runId} from "../src/training/run-id.js";
import {type RunRecord, recordVersion} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";

const steps = 500;

/** A settings file for `runs` runs, a multiple of ten, and a store in which all of them are finished, with made-up curves. */
export function makeSyntheticSweep(folder: string, runs: number): {settings: string; store: string} {
  const settings = join(folder, "synthetic.yaml");
  const store = join(folder, "runs");
  const seeds = Array.from({length: runs / 10}, (_, index) => index + 1);
  writeFileSync(
    settings,
    `recipe: [fp32, fp8, mxfp8, mxfp4, int8]\nwidth: [32, 64]\nsteps: ${steps}\nseed: [${seeds}]\n`,
  );
  mkdirSync(store);
  for (const run of plan(readPreset(settings), [], settingsChoices())) {
    const record = syntheticRecord(run);
    writeFileSync(join(store, recordFileName(record.id)), entryText(record, null));
  }
  return {settings, store};
}

function syntheticRecord(settings: RunSettings): RunRecord {
  const trainingLoss = Array.from(
    {length: steps},
    (_, step) => 1 + 2 / (1 + step / 50 + settings.seed / 1e4),
  );
  const loss = trainingLoss[steps - 1];
  return {
    id: runId(settings, engineId),
    version: recordVersion,
    engine: engineId,
    settings,
    parameters: 100_000,
    memory: {weights: 400_000, gradients: 400_000, optimizer: 800_000, activations: 2_000_000, probes: 0},
    tokens: steps * settings.batch * settings.context,
    vocabularySize: 27,
    trainingLoss,
    heldOutLoss: [{step: steps, loss}],
    finalTrainingLoss: loss,
    finalHeldOutLoss: loss,
    floor: 0.65,
    postTraining: [],
    diverged: null,
    probes: [],
    gradientToNoise: [],
    lossScaling: {scale: 1, skippedSteps: 0},
    weightHash: "0".repeat(64),
    timing: {seconds: 10, tokensPerSecond: 50_000},
  };
}
