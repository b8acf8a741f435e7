import {beforeAll, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {learningRates} from "../../src/training/schedule.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const rates = (settings: Partial<RunSettings>) =>
  learningRates(
    {learningRate: 1, steps: 11, warmup: 0, finalLearningRate: 0, ...settings} as RunSettings,
    kernels,
  );

it("learningRates(settings) rises linearly to the peak in the warm-up", () => {
  expect([...rates({warmup: 4}).slice(0, 5)]).toEqual([0.25, 0.5, 0.75, 1, 1]);
});

it("learningRates(settings) falls along half a cosine to the final share", () => {
  const [first, ...others] = rates({finalLearningRate: 0.1, learningRate: 2});
  expect(first).toBe(2);
  expect(others[4]).toBeCloseTo(2 * 0.55, 12);
  expect(others[9]).toBeCloseTo(0.2, 12);
});

it("learningRates(settings) is defined for a run that is all warm-up", () => {
  expect([...rates({steps: 2, warmup: 2})]).toEqual([0.5, 1]);
});
