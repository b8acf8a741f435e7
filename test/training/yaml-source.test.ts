import {expect, it} from "vitest";
import {parseYaml, readYaml} from "../../src/training/yaml-source.js";

const source = parseYaml("a: 1\nlist:\n  - 10\n  - b: 2\n    c: 3\n\nflow: [x,\n  y]\n", "some.yaml");

it.each<[(string | number)[], string]>([
  [["a"], "some.yaml:1"],
  [["list"], "some.yaml:2"],
  [["list", 0], "some.yaml:3"],
  [["list", 1, "c"], "some.yaml:5"],
  [["flow", 0], "some.yaml:7"],
  [["flow", 1], "some.yaml:8"],
  [["missing"], "some.yaml"],
  [[], "some.yaml"],
])("where(%o) is the line of the key or item", (path, place) => {
  expect(source.where(path)).toBe(place);
});

it("parseYaml(text, file) gives the values", () => {
  expect(source.value).toEqual({a: 1, list: [10, {b: 2, c: 3}], flow: ["x", "y"]});
});

it.each([
  ["a: [1", "bad.yaml:1: "],
  ["a: 1\na: 2\n", "bad.yaml:2: a: the key stands here for the second time"],
])("parseYaml(%o, file) names the line of what is not YAML", (text, message) => {
  expect(() => parseYaml(text, "bad.yaml")).toThrow(message);
});

it("readYaml(path) names a file that cannot be read", () => {
  expect(() => readYaml("/no/such.yaml")).toThrow("cannot read /no/such.yaml: no such file or folder");
});
