import fc from "fast-check";
import {expect, it} from "vitest";
import {parseOverrides} from "../../src/sweeps/overrides.js";
import {plan, type SweepSize} from "../../src/sweeps/plan.js";
import {parsePreset} from "../../src/sweeps/preset.js";
import {parseYaml} from "../../src/training/yaml-source.js";
import {choices} from "./sample.js";

const runs = (yaml: string, size: SweepSize, ...overrides: string[]) =>
  plan(parsePreset("some", parseYaml(yaml, "some.yaml")), parseOverrides(overrides, ["some"]), choices, {
    size,
  });
const brief = (yaml: string, ...overrides: string[]) =>
  runs(yaml, "quick", ...overrides).map(({width, scheme, seed}) => `${width} ${scheme} ${seed}`);

const grid = "width: [32, 64, 128]\nscheme: [standard, unit]\nseed: [1, 2]\n";

it("the quick size has the runs whose settings are all among those of the block", () => {
  expect(brief(`${grid}quick: {width: [32, 64], seed: 2}\n`)).toEqual([
    ...["32 standard 2", "32 unit 2"],
    ...["64 standard 2", "64 unit 2"],
  ]);
  expect(brief(`width: 32\ncases: [{scheme: unit}, {seed: 7}]\nquick: {seed: 7}\n`)).toEqual([
    "32 standard 7",
  ]);
});

it("the quick size has the runs of each of several blocks once, in the order of the plan", () => {
  const quick = "quick: [{width: 128, seed: 1}, {width: 32, scheme: unit}, {width: 32, seed: 1}]\n";
  expect(brief(grid + quick)).toEqual([
    ...["32 standard 1", "32 unit 1", "32 unit 2"],
    ...["128 standard 1", "128 unit 1"],
  ]);
});

it("the quick size can name blocks", () => {
  const blocks = "blocks: {size: {small: {width: 32}, large: {width: 64}}}\nseed: [1, 2]\n";
  expect(brief(`${blocks}quick: {blocks: {size: small}, seed: 2}\n`)).toEqual(["32 standard 2"]);
  expect(brief(`${blocks}quick: {blocks: {size: small}, seed: 2}\n`, "size=large")).toEqual([
    "64 standard 2",
  ]);
});

it("an override replaces what the quick size says of the setting, too", () => {
  const quick = `${grid}quick: {width: 32, seed: 2}\n`;
  expect(brief(quick, "width=16", "seed=8,9", "scheme=unit")).toEqual(["16 unit 8", "16 unit 9"]);
});

it("the quick size is a part of the full size, whatever the axes", () => {
  const seeds = fc.uniqueArray(fc.nat({max: 9}), {minLength: 1});
  const property = fc.property(seeds, seeds, (all, some) => {
    const both = some.filter((seed) => all.includes(seed));
    fc.pre(both.length > 0);
    const yaml = JSON.stringify({seed: all, scheme: ["standard", "unit"], quick: {seed: both}});
    const full = runs(yaml, "full");
    expect(runs(yaml, "quick")).toEqual(full.filter(({seed}) => both.includes(seed)));
  });
  fc.assert(property, {numRuns: 20});
});

it.each([
  [grid, [], 'some.yaml: some has no quick size; a block "quick: {seed: 1}" says which runs are in it'],
  [`${grid}quick:\n  seed: [1,\n    3]\n`, [], "some.yaml:6: quick: seed: no run has 3; the runs have 1, 2"],
  [
    `${grid}quick: {scheme: units}\n`,
    [],
    'some.yaml:4: quick: scheme: no run has "units"; the runs have standard, unit; did you mean "unit"?',
  ],
  [
    "cases: [{width: 32, seed: 1}, {width: 64, seed: 2}]\nquick:\n  - {width: 32}\n  - {width: 32, seed: 2}\n",
    [],
    "some.yaml:4: quick: no run has all of the settings of this block",
  ],
])("the quick size of %o names file, line and what is wrong", (yaml, overrides: string[], message) => {
  expect(() => runs(yaml, "quick", ...overrides)).toThrow(message);
});
