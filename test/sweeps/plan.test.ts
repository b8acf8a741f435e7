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

const withBlocks = `seed: 1..2
blocks:
  size:
    small: {width: 32, learningRate: 0.5}
    large: {width: 64, learningRate: 0.25}
  length:
    short: {steps: 10}
    long: {steps: 20}
`;
const sized = ({width, steps, learningRate, seed}: ReturnType<typeof sampleSettings>) =>
  [width, steps, learningRate, seed].join(" ");

it("plan(preset) takes the grid for each combination of named blocks, which vary slowest", () => {
  expect(runs(withBlocks).map(sized)).toEqual([
    ...["32 10 0.5 1", "32 10 0.5 2", "32 20 0.5 1", "32 20 0.5 2"],
    ...["64 10 0.25 1", "64 10 0.25 2", "64 20 0.25 1", "64 20 0.25 2"],
  ]);
});

it("a case chooses among the blocks by name, and what it says counts over what they say", () => {
  const cases = `cases:
  - {blocks: {size: small, length: [long, short]}, seed: 1}
  - {blocks: {length: short}, learningRate: [0.1, 0.2], seed: 2}
`;
  expect(runs(withBlocks + cases).map(sized)).toEqual([
    ...["32 20 0.5 1", "32 10 0.5 1"],
    ...["32 10 0.1 2", "32 10 0.2 2", "64 10 0.1 2", "64 10 0.2 2"],
  ]);
});

it("an override chooses among the blocks by the name of their group", () => {
  expect(runs(withBlocks, "size=large", "length=long,short", "seed=3").map(sized)).toEqual([
    ...["64 20 0.25 3", "64 10 0.25 3"],
  ]);
  expect(() => runs(withBlocks, "size=lage")).toThrow(
    '--set blocks: there is no block of size "lage"; did you mean "large"?',
  );
  expect(() => runs(withBlocks, "sise=large")).toThrow(
    '--set sise=large: unknown setting "sise"; did you mean "size"?',
  );
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
  ["", ["widht=3"], '--set widht=3: unknown setting "widht"; did you mean "width"?'],
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
