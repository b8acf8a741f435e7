import {expect, it} from "vitest";
import {runSeconds} from "../../../docs/components/run-seconds.js";
import {settingsForm} from "../../../src/training/settings-form.js";

const form = settingsForm(() => "");
const lab = {
  ...{layers: "2", width: "48", heads: "4", context: "32", batch: "32"},
  ...{evaluateEvery: "0", evaluationBatches: "1", probeEvery: "0"},
};
const small = {...lab, width: "24", heads: "2", batch: "8"};
const tiny = {...lab, layers: "1", width: "16", heads: "2", context: "16", batch: "4"};
const unit = {recipe: "fp8", forwardUnit: "h100-wgmma"};

const secondsOf = (texts: Readonly<Record<string, string>>) => {
  const {settings, errors} = form.check(texts);
  expect(errors).toEqual({});
  return runSeconds({settings: settings!, parameters: form.countParameters(settings!, 27)});
};
const microsecondsOfStep = (texts: Readonly<Record<string, string>>) =>
  (secondsOf({...texts, steps: "3000"}) / 3000) * 1e6;

// Processor time of one core of a rented server, the least of four times of 0.3 s.
it.each([
  ["a tiny model", tiny, 253],
  ["a tiny model in bf16", {...tiny, recipe: "bf16"}, 245],
  ["a tiny model in MXFP4", {...tiny, recipe: "mxfp4"}, 445],
  ["a tiny model in NVFP4", {...tiny, recipe: "nvfp4"}, 469],
  ["a tiny model in int8", {...tiny, recipe: "int8"}, 352],
  ["a tiny model of four layers", {...tiny, layers: "4"}, 776],
  ["a tiny model with a large batch", {...tiny, batch: "32"}, 1468],
  ["a tiny model on a simulated tensor core", {...tiny, ...unit}, 368],
  ["a tiny model that is probed at every step", {...tiny, probeEvery: "1"}, 1682],
  ["a small model", small, 2077],
  ["a small model in FP8", {...small, recipe: "fp8"}, 2642],
  ["a small model in NVFP4", {...small, recipe: "nvfp4"}, 4273],
  ["the lab's model", lab, 23_556],
  ["the lab's model in FP8", {...lab, recipe: "fp8"}, 26_320],
  ["the lab's model in NVFP4", {...lab, recipe: "nvfp4"}, 38_181],
  ["the lab's model with a convolution", {...lab, sequenceLayer: "convolution"}, 22_640],
  ["the lab's model with few tokens", {...lab, batch: "4"}, 2767],
  ["the lab's model on a simulated tensor core", {...lab, ...unit}, 45_838],
  ["the lab's model that is probed at every step", {...lab, probeEvery: "1"}, 36_592],
  ["a model of width 192", {...lab, width: "192"}, 318_964],
  ["the model of no settings at all", {evaluateEvery: "0", evaluationBatches: "1", probeEvery: "0"}, 75_051],
] as const)("runSeconds is within a factor of 1.5 of the time of a step of %s", (_, texts, measured) => {
  const ratio = microsecondsOfStep(texts) / measured;
  expect(ratio).toBeGreaterThan(1 / 1.5);
  expect(ratio).toBeLessThan(1.5);
});

it("runSeconds counts the measurements on held-out text, a forward pass each", () => {
  const steps = secondsOf({...lab, steps: "100"});
  const measured = secondsOf({...lab, steps: "100", evaluateEvery: "10", evaluationBatches: "10"});
  expect(measured / steps).toBeCloseTo((100 + 0.4 * 100) / 100.4);
});
