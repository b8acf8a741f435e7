import {expect, it} from "vitest";
import {runLabels} from "../../src/sweeps/run-label.js";
import {sampleSettings} from "./sample.js";

it("runLabels(runs) names each run by the settings in which they differ", () => {
  const runs = [
    sampleSettings({scheme: "unit", recipe: "fp8"}),
    sampleSettings({scheme: "unit", recipe: "fp32"}),
    sampleSettings({scheme: "standard", recipe: "fp32"}),
  ];
  expect(runLabels(runs)).toEqual([
    "scheme=unit recipe=fp8",
    "scheme=unit recipe=fp32",
    "scheme=standard recipe=fp32",
  ]);
});

it("runLabels(runs) has nothing to say about a single run", () => {
  expect(runLabels([sampleSettings()])).toEqual([""]);
  expect(runLabels([])).toEqual([]);
});

it("runLabels(runs) compares settings by name, in whatever order they stand", () => {
  const {seed, ...rest} = sampleSettings();
  expect(runLabels([sampleSettings(), {seed, ...rest}, {seed: 7, ...rest}])).toEqual([
    `seed=${seed}`,
    `seed=${seed}`,
    "seed=7",
  ]);
});
