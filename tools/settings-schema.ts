// Writes the JSON Schema of settings files, with what the comments of the type say about each setting.
import {recipeNames} from "../src/recipes/index.js";
import {schemeNames} from "../src/schemes/index.js";
import {type JsonSchema, presetSchema} from "../src/sweeps/preset-schema.js";

/** @param source the text of src/training/run-settings.ts */
export const settingsSchemaText = (source: string): string =>
  `${twoLevels(presetSchema({schemes: schemeNames, recipes: recipeNames}, propertyComments(source)))}\n`;

/** JSON with a line for each setting. */
function twoLevels(schema: JsonSchema): string {
  const lines = (value: unknown, level: number): string => {
    const isOpened = level < 2 && typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isOpened) return JSON.stringify(value);
    const indent = " ".repeat(level + 1);
    const entries = Object.entries(value).map(
      ([key, part]) => `${indent}"${key}": ${lines(part, level + 1)}`,
    );
    return `{\n${entries.join(",\n")}\n${indent.slice(1)}}`;
  };
  return lines(schema, 0);
}

/** The comments above the properties of an interface, by property. */
export function propertyComments(source: string): Record<string, string> {
  const commented = source.matchAll(/^ {2}\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n {2}readonly (\w+)/gm);
  return Object.fromEntries(
    [...commented].map(([, comment, key]) => {
      return [
        key,
        comment
          .replaceAll(/\s*\n\s*\*\s?/g, " ")
          .replaceAll(/\s+/g, " ")
          .trim(),
      ];
    }),
  );
}
