import type {SettingTexts} from "../src/training/settings-form.js";
import {isCastKey, isUnitKey, type LabField} from "./lab-fields.js";
import type {RunName} from "./lab-state.js";

/** Settings that a title names besides scheme and recipe. */
const most = 2;

/** What each run is, in a few words: what tells it from the other, or its scheme and recipe where nothing does. */
export function runTitles(
  texts: Readonly<Record<RunName, SettingTexts>>,
  fields: readonly LabField[],
): Record<RunName, string> {
  const differs = (key: string) => texts.a[key] !== texts.b[key];
  // Schemes do not share a learning rate.
  const implied = ["corpusChecksum", ...(differs("scheme") ? ["learningRate"] : [])];
  const named = fields.filter(({key}) => differs(key) && !implied.includes(key));
  const title = (own: SettingTexts): string => {
    const names = named.slice(0, most).map((field) => settingText(field, own[field.key]));
    const more = named.length > most ? [`${named.length - most} more`] : [];
    return names.length > 0 ? [...names, ...more].join(", ") : plainTitle(own, fields);
  };
  return {a: title(texts.a), b: title(texts.b)};
}

/** Scheme and recipe, which a run has whatever it is compared with. */
export function plainTitle(own: SettingTexts, fields: readonly LabField[]): string {
  const scheme = fields.find(({key}) => key === "scheme")?.labelOf(own.scheme) ?? own.scheme;
  const isChanged = (isConcerned: (key: string) => boolean) =>
    fields.some(({key, initial}) => isConcerned(key) && (own[key] || initial) !== initial);
  const changed = [
    ...(isChanged(isCastKey) ? ["casts"] : []),
    ...(isChanged(isUnitKey) ? ["matrix units"] : []),
  ];
  return `${scheme}, ${own.recipe}${changed.length > 0 ? ` with other ${changed.join(" and ")}` : ""}`;
}

/** Names of schemes, recipes and optimizers speak for themselves; other values need that of their setting. */
function settingText({key, label, labelOf, whenEmpty}: LabField, value: string): string {
  const text = labelOf(value) || whenEmpty;
  if (["scheme", "recipe", "optimizer", "sequenceLayer"].includes(key)) return text;
  const name = /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
  if (value === "recipe") return `the recipe’s ${name}`;
  return value === "default" ? `the scheme’s ${name}` : `${name} ${text}`;
}
