import type {SettingTexts} from "../src/training/settings-form.js";
import type {LabField} from "./lab-fields.js";
import type {RunName} from "./lab-state.js";

/** Other settings that a title names. */
const most = 2;

/** Settings beside the recipe that replace single casts of it. */
const casts =
  /^(forward|inputGradient|weightGradient)[A-Z]|^(query|key|value|probabilities|attentionGradient)$/;

/** What each run is, in a few words: its scheme and recipe, and what else tells it from the other run. */
export function runTitles(
  texts: Readonly<Record<RunName, SettingTexts>>,
  fields: readonly LabField[],
): Record<RunName, string> {
  const differs = (key: string) => texts.a[key] !== texts.b[key];
  // Schemes do not share a learning rate.
  const implied = ["scheme", "recipe", "corpusChecksum", ...(differs("scheme") ? ["learningRate"] : [])];
  const named = fields.filter(({key}) => differs(key) && !implied.includes(key));
  const title = (run: RunName) => {
    const own = texts[run];
    const scheme = fields.find(({key}) => key === "scheme")?.labelOf(own.scheme) ?? own.scheme;
    const others = named
      .slice(0, most)
      .map(({key, label, labelOf}) => `${lowerFirst(label)} ${labelOf(own[key]) || "automatic"}`);
    const more = named.length > most ? [`${named.length - most} more`] : [];
    const changed = fields.filter(({key, initial}) => casts.test(key) && (own[key] || initial) !== initial);
    const recipe = changed.length > 0 ? `${own.recipe} with other casts` : own.recipe;
    return [scheme, recipe, ...others, ...more].join(", ");
  };
  return {a: title("a"), b: title("b")};
}

const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
