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
    cases: [new Map([["scheme", [{value: "unit", place: "some.yaml:6: "}]]])],
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
  ["width: []\n", "some.yaml:1: width: the list is empty"],
  ["cases: {width: 3}\n", "some.yaml:1: cases must be a list of blocks"],
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
