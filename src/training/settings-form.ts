import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex} from "@noble/hashes/utils.js";
import * as z from "zod";
import {countParameters} from "../nn/model-shape.js";
import {recipeNames, recipes} from "../recipes/index.js";
import {schemeNames} from "../schemes/index.js";
import type {RunSettings} from "./run-settings.js";
import {runSettingsSchema, type SettingsChoices, settingsParser} from "./run-settings-schema.js";
import {runShape} from "./run-shape.js";
import {yamlText} from "./yaml-text.js";

/** One setting as a form can show it. Values are texts, as they are typed. */
export interface SettingField {
  readonly key: string;
  /** `either` is a number or one of some words. */
  readonly kind: "choice" | "flag" | "number" | "text" | "either";
  /** The values of a choice or a flag. */
  readonly values: readonly string[];
  /** The default; empty where it follows from other settings. */
  readonly initial: string;
}

/** Settings as texts; an empty one stands for the default. */
export type SettingTexts = Readonly<Record<string, string>>;

export interface CheckedSettings {
  /** What the texts mean; undefined where they mean nothing. */
  readonly settings: RunSettings | undefined;
  /** What is wrong, by key: "0 is not a whole number from 1 to 256". */
  readonly errors: Readonly<Record<string, string>>;
}

/** All that a form for settings has to know, from the one schema that the command line uses, too. */
export interface SettingsForm {
  /** What each recipe does, by name. */
  readonly recipes: Readonly<Record<string, string>>;
  readonly fields: readonly SettingField[];
  readonly check: (texts: SettingTexts) => CheckedSettings;
  /** A settings file from which `bitscape train` does the same run; every line of the heading becomes a comment. */
  readonly file: (texts: SettingTexts, heading: readonly string[]) => string;
  /** Number of trained values over a vocabulary of given size. */
  readonly countParameters: (settings: RunSettings, vocabularySize: number) => number;
}

export function settingsForm(corpusChecksum: SettingsChoices["corpusChecksum"]): SettingsForm {
  const names = {schemes: schemeNames, recipes: recipeNames};
  const fields = describeFields(names);
  const kinds = new Map(fields.map((field) => [field.key, field]));
  const parse = settingsParser({...names, corpusChecksum});
  const typed = (texts: SettingTexts) =>
    Object.fromEntries(
      Object.entries(texts)
        .filter(([key, text]) => text.trim() !== "" && kinds.has(key))
        .map(([key, text]) => [key, typedValue(text.trim(), kinds.get(key)!)]),
    );
  return {
    recipes: Object.fromEntries(recipes.map(({name, description}) => [name, description])),
    fields,
    check: (texts) => checkAll(typed(texts), parse),
    file(texts, heading) {
      const lines = fields
        .filter(({key, initial}) => (texts[key]?.trim() || initial) !== initial)
        .map(({key}) => `${key}: ${yamlText(typedValue(texts[key].trim(), kinds.get(key)!))}\n`);
      return [...heading.map((line) => `# ${line}\n`), ...lines].join("");
    },
    countParameters: (settings, vocabularySize) => countParameters(runShape(settings, vocabularySize)),
  };
}

/** SHA-256 of a text, as `corpusChecksum` names it. */
export const textChecksum = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

interface JsonProperty {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
}

function describeFields(names: Pick<SettingsChoices, "schemes" | "recipes">): SettingField[] {
  const schema = z.toJSONSchema(runSettingsSchema(names), {io: "input", unrepresentable: "any"});
  return Object.entries(schema.properties as Record<string, JsonProperty>).map(([key, property]) => {
    const initial = String(property.default ?? "");
    if (property.enum) return {key, kind: "choice", values: property.enum, initial};
    if (property.type === "boolean") return {key, kind: "flag", values: ["false", "true"], initial};
    const isNumber = property.type === "integer" || property.type === "number";
    const kind = isNumber ? "number" : property.type === "string" ? "text" : "either";
    return {key, kind, values: [], initial};
  });
}

function typedValue(text: string, {kind}: SettingField): unknown {
  if (kind === "flag") return text === "true" ? true : text === "false" ? false : text;
  // What is not a number stays a text, which the schema may refuse by name.
  return kind === "text" || Number.isNaN(Number(text)) ? text : Number(text);
}

/** In a page this module is a bundle apart, and what the page itself throws is of another copy of the class. */
const isForPeople = (error: unknown): error is Error =>
  error instanceof Error && error.name === "BitscapeError";

/** The parser names one error at a time: each is noted, and what it is about is then left out. */
function checkAll(
  input: Readonly<Record<string, unknown>>,
  parse: ReturnType<typeof settingsParser>,
): CheckedSettings {
  const errors: Record<string, string> = {};
  let left = input;
  for (;;) {
    try {
      const settings = parse(left);
      return {settings: Object.keys(errors).length === 0 ? settings : undefined, errors};
    } catch (error) {
      if (!isForPeople(error)) throw error;
      const [, key = "corpus", message] = /^(?:(\w+): )?(.*)$/s.exec(error.message)!;
      const isNew = !(key in errors);
      errors[key] ??= message;
      if (!isNew || !(key in left)) return {settings: undefined, errors};
      const {[key]: _, ...rest} = left;
      left = rest;
    }
  }
}
