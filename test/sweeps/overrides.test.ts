import {expect, it} from "vitest";
import {overriddenAxes, overridesFor, parseOverrides} from "../../src/sweeps/overrides.js";

const values = (text: string) => parseOverrides([text], ["variance"])[0].values;

it.each<[string, unknown[]]>([
  ["width=192", [192]],
  ["learningRate=1e-3", [0.001]],
  ["learningRate=.5", [0.5]],
  ["recipe=fp8,fp32", ["fp8", "fp32"]],
  ["recipe=fp8, fp32", ["fp8", "fp32"]],
  ["width=[64, 128]", [64, 128]],
  ["probe=true", [true]],
  ["corpus=texts/a=b.txt", ["texts/a=b.txt"]],
  ['corpus=["a,b.txt"]', ["a,b.txt"]],
  ['layerRecipes=["head=fp32, first=bf16", ""]', ["head=fp32, first=bf16", ""]],
  ['layerRecipes="head=fp32, first=bf16","head=fp8"', ["head=fp32, first=bf16", "head=fp8"]],
  ["firstMoment=dynamic8 block:1x256,bf16", ["dynamic8 block:1x256", "bf16"]],
  ["seed=1..3,8", [1, 2, 3, 8]],
  [`corpusChecksum=${"1".repeat(64)}`, ["1".repeat(64)]],
])("parseOverrides([%o]) reads values as a settings file does", (text, expected) => {
  expect(values(text)).toEqual(expected);
});

it("parseOverrides(texts, presets) takes the name of a preset before the key", () => {
  expect(parseOverrides(["tab.width=96"], ["tab", "variance"])).toEqual([
    {preset: "tab", key: "width", values: [96], text: "tab.width=96"},
  ]);
});

it.each([
  ["width", "--set width: expected key=value or key=value,value"],
  ["=3", "--set =3: expected key=value"],
  ["width=", "--set width=: a value is missing"],
  ["width=64,,128", "--set width=64,,128: a value is missing"],
  ["width=[]", "--set width=[]: a value is missing"],
  ["width=[64, 128", "--set width=[64, 128: a bracket or a quotation mark is missing"],
  ['layerRecipes="head=fp32', '--set layerRecipes="head=fp32: a bracket or a quotation mark is missing'],
  ["seed=5..1", "--set seed=5..1: seed: the range 5..1 ends before it starts"],
  ["varianse.width=3", '--set varianse.width=3: there are no settings "varianse"; did you mean "variance"?'],
])("parseOverrides([%o]) says what is wrong", (text, message) => {
  expect(() => parseOverrides([text], ["variance"])).toThrow(message);
});

it("parseOverrides(texts, presets) asks for the name where there are several presets", () => {
  expect(() => parseOverrides(["width=3"], ["tab", "variance"])).toThrow(
    "--set width=3: say which settings are meant: tab.width, variance.width",
  );
});

it("overridesFor(preset, overrides) keeps what is meant for the preset, overriddenAxes the last value of a key", () => {
  const presets = ["tab", "variance"];
  const overrides = parseOverrides(
    ["tab.width=1", "variance.width=2", "variance.heads=3", "variance.width=4"],
    presets,
  );
  expect(overriddenAxes(overridesFor("variance", overrides))).toEqual(
    new Map([
      ["width", [{value: 4, place: "--set "}]],
      ["heads", [{value: 3, place: "--set "}]],
    ]),
  );
});
