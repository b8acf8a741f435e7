import fc from "fast-check";
import {expect, it} from "vitest";
import {parseOverrides} from "../../src/sweeps/overrides.js";
import {plan} from "../../src/sweeps/plan.js";
import {defaultPreset, parsePreset, presetNames, readPreset} from "../../src/sweeps/preset.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {parseYaml} from "../../src/training/yaml-source.js";
import {choices, sampleSettings} from "./sample.js";

const runs = (yaml: string, ...overrides: string[]) =>
  plan(parsePreset("some", parseYaml(yaml, "some.yaml")), parseOverrides(overrides, ["some"]), choices);

it("plan(preset) of settings without lists is one run", () => {
  expect(runs("width: 96\n")).toEqual([sampleSettings({width: 96})]);
  expect(plan(defaultPreset, parseOverrides(["width=96"], []), choices)).toEqual([
    sampleSettings({width: 96}),
  ]);
});

it("plan(preset) takes all combinations, the first setting varying slowest", () => {
  const pairs = runs("scheme: [standard, unit]\nwidth: 32\nseed: [5, 3]\n").map(({scheme, seed}) => [
    scheme,
    seed,
  ]);
  expect(pairs).toEqual([
    ["standard", 5],
    ["standard", 3],
    ["unit", 5],
    ["unit", 3],
  ]);
});

const withCases =
  "learningRate: 0.5\nwidth: [32, 64]\ncases:\n  - {scheme: unit, learningRate: 0.03}\n  - {seed: [7, 8]}\n";
const brief = ({width, scheme, learningRate, seed}: ReturnType<typeof sampleSettings>) =>
  [width, scheme, learningRate, seed].join(" ");

it("plan(preset) takes the grid for each case, which adds settings and replaces some", () => {
  expect(runs(withCases).map(brief)).toEqual([
    "32 unit 0.03 1",
    "64 unit 0.03 1",
    "32 standard 0.5 7",
    "32 standard 0.5 8",
    "64 standard 0.5 7",
    "64 standard 0.5 8",
  ]);
});

it("plan(preset, overrides) replaces what the file and its cases say", () => {
  expect(runs(withCases, "learningRate=0.1", "width=16", "seed=2").map(brief)).toEqual([
    "16 unit 0.1 2",
    "16 standard 0.1 2",
  ]);
});

it("plan(preset) has no run twice", () => {
  expect(runs("width: [32, 32]\ncases:\n  - {seed: 1}\n  - {}\n")).toHaveLength(1);
  expect(runs(withCases, "scheme=unit", "learningRate=0.1", "seed=1", "width=32")).toHaveLength(1);
});

it("plan(preset) has as many runs as there are combinations", () => {
  const list = (values: fc.Arbitrary<unknown>) => fc.uniqueArray(values, {minLength: 1, maxLength: 4});
  const axes = fc.record({
    seed: list(fc.integer({min: 0, max: 1000})),
    layers: list(fc.integer({min: 1, max: 20})),
    scheme: list(fc.constantFrom("standard", "unit")),
  });
  const property = fc.property(axes, (values) => {
    const planned = runs(JSON.stringify(values));
    expect(planned).toHaveLength(values.seed.length * values.layers.length * values.scheme.length);
    expect(planned).toEqual(runs(JSON.stringify(values)));
  });
  fc.assert(property, {numRuns: 30});
});

it.each<[string, string[], string]>([
  ["width: 64\nheads: [4,\n  5]\n", [], "some.yaml:3: heads: 5 does not divide width 64"],
  ["width: 64\nheads: 4\n", ["width=66"], "some.yaml:2: heads: 4 does not divide width 66"],
  ["width: 66\n", [], "some.yaml: heads: 4 does not divide width 66"],
  [
    "cases:\n  - {scheme: unit}\n  - scheme: untied\n",
    [],
    'some.yaml:3: scheme: "untied" is not one of standard, unit',
  ],
  ["width: {a: 1}\n", [], 'some.yaml:1: width: {"a":1} is not a whole number'],
  ["width:\n", [], "some.yaml:1: width: null is not a whole number"],
  ["", ["recipe=fp32,fp9"], '--set recipe: "fp9" is not one of fp32, fp8, fp8-scaled'],
])("plan(%o, %o) names the place of a wrong value", (yaml, overrides, message) => {
  expect(() => runs(yaml, ...overrides)).toThrow(message);
});

it("plan(preset) refuses a grid that is too large to be meant", () => {
  const thousand = JSON.stringify(Array.from({length: 1000}, (_, i) => i + 1));
  expect(() => runs(`seed: ${thousand}\nsteps: ${thousand}\n`)).toThrow(
    "some.yaml: a plan of 1000000 runs; at most 100000 are allowed",
  );
});

it("plan(preset) gives all settings of the project runs that differ", () => {
  for (const name of presetNames()) {
    const planned = plan(readPreset(name), [], settingsChoices());
    expect(new Set(planned.map((run) => JSON.stringify(run))).size).toBe(planned.length);
  }
  expect(plan(readPreset("variance"), [], settingsChoices())).toHaveLength(6);
});
