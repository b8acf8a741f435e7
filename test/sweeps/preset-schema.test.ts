import {readFileSync} from "node:fs";
import {join} from "node:path";
import fc from "fast-check";
import {expect, it} from "vitest";
import * as z from "zod";
import {parseOverrides} from "../../src/sweeps/overrides.js";
import {plan} from "../../src/sweeps/plan.js";
import {parsePreset, presetNames} from "../../src/sweeps/preset.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {packageFolder} from "../../src/training/folders.js";
import {settingsKeys} from "../../src/training/run-settings-schema.js";
import {parseYaml} from "../../src/training/yaml-source.js";
import {propertyComments, settingsSchemaText} from "../../tools/settings-schema.js";

const folder = join(packageFolder, "data/settings");
const source = readFileSync(join(packageFolder, "src/training/run-settings.ts"), "utf8");
const schema = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8"));
const validator = z.fromJSONSchema(schema);
const isValid = (yaml: string) => validator.safeParse(parseYaml(yaml, "some.yaml").value).success;
const choices = settingsChoices();
const isPlanned = (yaml: string) => {
  try {
    plan(parsePreset("some", parseYaml(yaml, "some.yaml")), parseOverrides([], ["some"]), choices);
    return true;
  } catch {
    return false;
  }
};

it("the schema in data/settings is that of the settings", () => {
  expect(readFileSync(join(folder, "schema.json"), "utf8")).toBe(settingsSchemaText(source));
  for (const key of settingsKeys) expect(schema.properties[key]).toEqual({$ref: `#/definitions/${key}`});
});

it("the schema says of settings what the comments of their type say", () => {
  expect(propertyComments(source)).toMatchObject({
    layers: "Number of transformer blocks.",
    activation: expect.stringMatching(/^Between the two layers .* two thirds of the others'\. Also behind/),
  });
  expect(schema.definitions.layers.description).toBe("Number of transformer blocks.");
});

it("every settings file of the project refers to the schema and is valid by it", () => {
  for (const name of presetNames()) {
    const text = readFileSync(join(folder, `${name}.yaml`), "utf8");
    expect(text.split("\n")[0], name).toBe("# yaml-language-server: $schema=schema.json");
    expect(validator.safeParse(parseYaml(text, name).value).error, name).toBeUndefined();
  }
});

it.each([
  "",
  "seed: 1..4\n",
  "seed: [1..4, 9]\n",
  "lossScale: [none, 1024]\n",
  "blocks: {size: {10k: {width: 16}, 30k: {width: [32, 48]}}}\ncases: [{blocks: {size: 10k}}, {blocks: {size: [30k]}}]\n",
  "cases: [{seed: 3}]\nquick: {seed: 3}\n",
  "cases: [{seed: 3}]\nquick: [{seed: 3}, {seed: [3], width: 64}]\n",
])("the schema and the command line take %o", (yaml) => {
  expect([isValid(yaml), isPlanned(yaml)]).toEqual([true, true]);
});

it.each([
  "widht: 3\n",
  "width: []\n",
  "width:\n",
  "width: 0\n",
  "width: [32, big]\n",
  "seed: 4..\n",
  "scheme: units\n",
  "probe: yes\n",
  "cases: {seed: 3}\n",
  "cases: [3]\n",
  "cases: [{sed: 3}]\n",
  "cases: [{cases: []}]\n",
  "cases: [{blocks: 3}]\n",
  "quick: 3\n",
  "quick: {sed: 3}\n",
  "blocks: [3]\n",
  "blocks: {size: {}}\n",
  "blocks: {width: {a: {}}}\n",
  "blocks: {size: {a: {wdth: 3}}}\n",
  "- width\n",
])("the schema and the command line refuse %o", (yaml) => {
  expect([isValid(yaml), isPlanned(yaml)]).toEqual([false, false]);
});

it("the schema takes a value of a number, a choice or a flag where the command line does", () => {
  const simple = settingsKeys.filter((key) => {
    const [value] = schema.definitions[key].anyOf;
    return value.type !== "string" || value.enum;
  });
  expect(simple.length).toBeGreaterThan(40);
  // With these, each of the others may be as small or as large as it likes.
  const base = {steps: 10_000_000, heads: 1, groups: 1, sequenceLayer: "recurrent"};
  const value = fc.oneof(
    fc.constantFrom(-1, 0, 0.5, 1, 2, 1000, 1e9, 1e40, true, null, "", "fp32", "1", "none", "1..3", []),
    fc.integer(),
    fc.double({noNaN: true, noDefaultInfinity: true}),
  );
  const property = fc.property(fc.constantFrom(...simple), value, (key, value) => {
    const yaml = JSON.stringify({...base, [key]: value});
    fc.pre(!(key === "steps" || (typeof value === "string" && value.includes(".."))));
    expect(isValid(yaml), yaml).toBe(isPlanned(yaml));
  });
  fc.assert(property, {numRuns: 150});
});
