import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {parsePreset, presetNames, readPreset} from "../../src/sweeps/preset.js";
import {parseYaml} from "../../src/training/yaml-source.js";
import {temporaryFolder} from "../support/temporary-folder.js";

const preset = (yaml: string) => parsePreset("some", parseYaml(yaml, "some.yaml"));

it("parsePreset(name, source) keeps each value with its file and line", () => {
  expect(preset("width: 64\nrecipe:\n  - fp32\n  - fp8\ncases:\n  - {scheme: unit}\n")).toEqual({
    name: "some",
    place: "some.yaml: ",
    axes: new Map([
      ["width", [{value: 64, place: "some.yaml:1: "}]],
      [
        "recipe",
        [
          {value: "fp32", place: "some.yaml:3: "},
          {value: "fp8", place: "some.yaml:4: "},
        ],
      ],
    ]),
    groups: new Map(),
    cases: [{axes: new Map([["scheme", [{value: "unit", place: "some.yaml:6: "}]]]), blocks: new Map()}],
    quick: [],
  });
});

it("parsePreset(name, source) takes an empty file", () => {
  expect(preset("# nothing yet\n")).toMatchObject({axes: new Map(), cases: [], quick: []});
});

it.each([
  ["width: 3\nlearnRate: 3\n", 'some.yaml:2: unknown setting "learnRate"; did you mean "learningRate"?'],
  ["case:\n  - {width: 3}\n", 'some.yaml:1: unknown setting "case"; did you mean "cases"?'],
  ["cases:\n  - {width: 3}\n  - widht: 3\n", 'some.yaml:3: unknown setting "widht"; did you mean "width"?'],
  ["width: 3\nseed: 1\nwidth: 4\n", "some.yaml:3: width: the key stands here for the second time"],
  ["cases:\n  - {seed: 1, seed: 2}\n", "some.yaml:2: seed: the key stands here for the second time"],
  ["seed: 1\n5: 2\n", 'some.yaml:2: unknown setting "5"; the nearest is'],
  ["seed: 1\nwidth: *wide\n", "some.yaml:2: there is no anchor &wide before it"],
  ["seed: 1\n---\nseed: 2\n", "some.yaml:2: one document is expected, and another begins here"],
  ["width: [1, 2\n", "some.yaml:2: Flow sequence"],
  ["width: []\n", "some.yaml:1: width: the list is empty"],
  ["blocks: [3]\n", "some.yaml:1: blocks: expected groups of named blocks"],
  [
    "blocks:\n  width: {a: {}}\n",
    "some.yaml:2: blocks: width is a setting already; give the group another name",
  ],
  [
    "blocks:\n  size: {}\n",
    'some.yaml:2: blocks: size: expected named blocks, written as "name: {key: value}"',
  ],
  ["blocks:\n  size:\n    small: 3\n", 'some.yaml:3: expected settings, written as "key: value"'],
  ["blocks:\n  size:\n    small: {wdth: 3}\n", 'some.yaml:3: unknown setting "wdth"; did you mean "width"?'],
  ["cases:\n  - blocks: {size: a}\n", 'some.yaml:2: blocks: there is no group of blocks "size"; known: none'],
  [
    "blocks: {size: {small: {}, large: {}}}\ncases:\n  - seed: 1\n    blocks: {size: [small, lage]}\n",
    'some.yaml:4: blocks: there is no block of size "lage"; did you mean "large"?',
  ],
  ["cases: [{blocks: 3}]\n", 'some.yaml:1: blocks: expected "group: name", or a list of names'],
  ["seed: 9..8\n", "some.yaml:1: seed: the range 9..8 ends before it starts"],
  [
    "seed: 1..1000000\n",
    "some.yaml:1: seed: the range 1..1000000 has 1000000 numbers; at most 100000 are allowed",
  ],
  ["cases: {width: 3}\n", "some.yaml:1: cases: expected a list of blocks"],
  ["width: 3\nquick: [{seed: 1},\n {sed: 1}]\n", 'some.yaml:3: unknown setting "sed"; did you mean "seed"?'],
  ["quick: 5\n", 'some.yaml:1: expected settings, written as "key: value"'],
  ["cases:\n  - width: 3\n  - 5\n", 'some.yaml:3: expected settings, written as "key: value"'],
  ["- width\n", 'some.yaml: expected settings, written as "key: value"'],
])("parsePreset(name, %o) names file and line of the mistake", (yaml, message) => {
  expect(() => preset(yaml)).toThrow(message);
});

it("readPreset(name) knows the settings of the project and suggests the nearest", () => {
  expect(presetNames()).toEqual(expect.arrayContaining(["shakespeare", "tab", "variance"]));
  expect(readPreset("variance").name).toBe("variance");
  expect(() => readPreset("varianse")).toThrow('there are no settings "varianse"; did you mean "variance"?');
});

it("readPreset(file) reads a file anywhere and names it by its last part", () => {
  const file = join(temporaryFolder(), "mine.yaml");
  writeFileSync(file, "width: 32\n");
  expect(readPreset(file)).toMatchObject({name: "mine", place: `${file}: `});
  expect(() => readPreset("/no/such.yaml")).toThrow("cannot read /no/such.yaml: no such file or folder");
});

it("presetNames(folder) refuses a file with the name of a command", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "status.yaml"), "");
  expect(() => presetNames(folder)).toThrow(
    `${join(folder, "status.yaml")}: "bitscape sweep status" is a command; give the settings another name`,
  );
});
