import * as z from "zod";
import {runSettingsSchema, type SettingsChoices, settingsKeys} from "../training/run-settings-schema.js";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of settings files, by which editors complete and check them. It refuses what can be told from one value
 * alone; what depends on others, or on a parser of its own such as that of casts, only the command line finds out.
 *
 * @param descriptions what the settings mean, by key
 */
export function presetSchema(
  names: Pick<SettingsChoices, "schemes" | "recipes">,
  descriptions: Readonly<Record<string, string>>,
): JsonSchema {
  const options = {io: "input", unrepresentable: "any", target: "draft-7"} as const;
  const {properties} = z.toJSONSchema(runSettingsSchema(names), options);
  const settings = Object.entries(properties as Record<string, JsonSchema>).map(([key, schema]) => {
    const description = descriptions[key];
    return [key, {...(description && {description}), ...axisOf(schema)}];
  });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of Bitscape: one pretraining run, or a sweep",
    description: "A setting whose value is a list is an axis: all combinations are run.",
    type: ["object", "null"],
    properties: {...settingReferences, ...presetProperties},
    additionalProperties: false,
    definitions: {...Object.fromEntries(settings), grid, axes},
  };
}

/** A value or a list of values; whole numbers also as ranges. */
function axisOf({default: initial, ...value}: JsonSchema): JsonSchema {
  const item = value.type === "integer" ? {anyOf: [value, range]} : value;
  return {
    ...(initial !== undefined && {default: initial}),
    anyOf: [
      ...(value.type === "integer" ? [value, range] : [value]),
      {type: "array", minItems: 1, items: item},
    ],
  };
}

const range: JsonSchema = {
  type: "string",
  pattern: String.raw`^\d+\.\.\d+$`,
  description: "A range of whole numbers: 1..4 is 1, 2, 3, 4.",
};

const settingReferences: JsonSchema = Object.fromEntries(
  settingsKeys.map((key) => [key, {$ref: `#/definitions/${key}`}]),
);

const axes: JsonSchema = {
  description: "Settings; a list is an axis.",
  type: "object",
  properties: settingReferences,
  additionalProperties: false,
};

const blockNames: JsonSchema = {
  description: "Which of the named blocks are meant, by their group: a name or a list of names.",
  type: "object",
  additionalProperties: {
    anyOf: [{type: ["string", "number"]}, {type: "array", minItems: 1, items: {type: ["string", "number"]}}],
  },
};

const grid: JsonSchema = {...axes, properties: {...settingReferences, blocks: blockNames}};

const presetProperties: JsonSchema = {
  blocks: {
    description:
      "Groups of named blocks of settings. The runs are those of each combination of one block of each group.",
    type: "object",
    propertyNames: {pattern: `^(?!(${[...settingsKeys, "cases", "quick", "blocks"].join("|")})$)`},
    additionalProperties: {
      type: "object",
      minProperties: 1,
      additionalProperties: {$ref: "#/definitions/axes"},
    },
  },
  cases: {
    description:
      "Grids that each add to what the file says, or replace it. The runs are those of one after the other.",
    type: "array",
    items: {$ref: "#/definitions/grid"},
  },
  quick: {
    description:
      "The quick size: the runs whose settings are all among these, or among those of one of a list of blocks.",
    anyOf: [{$ref: "#/definitions/grid"}, {type: "array", items: {$ref: "#/definitions/grid"}}],
  },
};
