import type {RecipeRuns} from "./recipe-runs.js";
import {recipeTitle} from "./recipe-styles.js";
import {schemeTitle} from "./scheme-title.js";
import {recipeResults, seedNoise} from "./seed-noise.js";

/**
 * How many recipes end where FP32 ends, scheme by scheme, and where plain FP8 ends, in a sentence or two; only what is
 * in the data is compared.
 */
export function recipesTakeaway({runs}: Pick<RecipeRuns, "runs">): string {
  const schemes = [...new Set(runs.map(({scheme}) => scheme))];
  const counts = schemes.flatMap((scheme) => {
    const results = recipeResults(runs, scheme);
    const zero = results.find(({recipe}) => recipe === "fp32");
    if (!zero) return [];
    const noise = seedNoise(results) || 0;
    const others = results.filter((result) => result !== zero);
    const near = others.filter(({mean, diverged}) => diverged === 0 && mean - zero.mean <= noise);
    const plain = others.find(({recipe}) => recipe === "fp8");
    return [{scheme, near: near.length, of: others.length, plain, zero, noise}];
  });
  if (counts.length === 0) return "Every recipe on the same model and text.";
  const reach = counts.map(
    ({scheme, near, of}) => `${near} of ${of} under ${schemeTitle(scheme).toLowerCase()}`,
  );
  const plain = counts.flatMap(({scheme, plain, zero, noise}) => {
    if (!plain) return [];
    const name = schemeTitle(scheme).toLowerCase();
    if (plain.diverged > 0) return [`diverges under ${name}`];
    const above = plain.mean - zero.mean;
    return [above <= noise ? `costs nothing under ${name}` : `costs ${above.toFixed(2)} nats under ${name}`];
  });
  const seeds = new Set(runs.map(({seed}) => seed)).size;
  const sentences = [`Recipes that reach FP32, as far as ${seeds} seeds let one tell: ${list(reach)}.`];
  if (plain.length > 0) sentences.push(`${recipeTitle("fp8")}, ${list(plain)}.`);
  return sentences.join(" ");
}

const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
