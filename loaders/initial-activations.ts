import type {Kernels} from "../src/kernels/kernels.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import {loadCorpus} from "../src/training/corpora/load-corpus.js";
import {settingsParser} from "../src/training/run-settings-schema.js";
import {createTrainer} from "../src/training/trainer.js";

/** What the named layers of an untrained model read of its first batch: their inputs; of `embedding` its output. */
export async function initialActivations(
  kernels: Kernels,
  given: Readonly<Record<string, unknown>>,
  layers: readonly string[],
): Promise<Float32Array[]> {
  const memory = kernels.mark();
  const settings = settingsParser(settingsChoices())(given);
  const trainer = createTrainer(settings, kernels, await loadCorpus(settings, {kernels}));
  const found = new Map<string, Float32Array>();
  trainer.probe({
    onProbe({layer, tensor, address, count}) {
      if (tensor === "activation" && layers.includes(layer)) {
        found.set(layer, kernels.float32(address, count).slice());
      }
    },
    onGradients() {},
    onUpdate() {},
  });
  kernels.release(memory);
  return layers.map((layer) => found.get(layer)!);
}
