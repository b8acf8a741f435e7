import {beforeAll, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {learningRates, type ScheduleSettings} from "../../src/training/schedule.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const cosine = {
  schedule: "cosine",
  learningRate: 1,
  steps: 11,
  warmup: 0,
  decaySteps: 0,
  finalLearningRate: 0,
} as const;

const rates = (settings: Partial<ScheduleSettings>) => learningRates({...cosine, ...settings}, kernels);

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

it("learningRates(settings) stays at the peak when constant", () => {
  expect([...rates({schedule: "constant", steps: 4, warmup: 1, finalLearningRate: 0.5})]).toEqual([
    1, 1, 1, 1,
  ]);
});

it("learningRates(settings) falls along a straight line when linear", () => {
  expectClose(rates({schedule: "linear", steps: 5, finalLearningRate: 0.2}), [1, 0.8, 0.6, 0.4, 0.2]);
});

it("learningRates(settings) falls over the last steps only under warmup-stable-decay", () => {
  const settings = {schedule: "warmup-stable-decay", steps: 10, warmup: 2, decaySteps: 4} as const;
  expectClose(rates(settings), [0.5, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0]);
});

it("learningRates(settings) ends at the final share under warmup-stable-decay, also right after the warm-up", () => {
  const settings = {schedule: "warmup-stable-decay", steps: 4, warmup: 3, finalLearningRate: 0.1} as const;
  expectClose(rates({...settings, decaySteps: 1}), [1 / 3, 2 / 3, 1, 0.1]);
  expectClose(rates({...settings, decaySteps: 4}), [1 / 3, 2 / 3, 1, 0.1]);
});

it("learningRates(settings) stays at the peak under warmup-stable-decay without steps of decay", () => {
  const settings = {schedule: "warmup-stable-decay", steps: 4, warmup: 1, decaySteps: 0} as const;
  expect([...rates(settings)]).toEqual([1, 1, 1, 1]);
});

const expectClose = (actual: Float64Array, expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 12);
};
