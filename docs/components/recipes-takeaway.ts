import {listed} from "../src/laws/listed.js";
import type {RecipeRuns} from "./recipe-runs.js";
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
  const seeds = new Set(runs.map(({seed}) => seed)).size;
  const reach = counts.map(
    ({scheme, near, of}) => `${near} of ${of} under ${schemeTitle(scheme).toLowerCase()}`,
  );
  const plain = new Map<string, string[]>();
  for (const {scheme, plain: result, zero, noise} of counts) {
    if (!result) continue;
    const above = result.mean - zero.mean;
    const cost = result.diverged > 0 ? "everything" : above <= noise ? "nothing" : `${above.toFixed(2)} nats`;
    plain.set(cost, [...(plain.get(cost) ?? []), schemeTitle(scheme).toLowerCase()]);
  }
  const costs = [...plain].map(([cost, schemes]) => `${cost} under ${listed(schemes)}`);
  return [
    ...(costs.length > 0 ? [`FP8 without any scale costs ${listed(costs)}.`] : []),
    `As far as ${seeds} seeds let one tell, these recipes reach FP32: ${listed(reach)}.`,
  ].join(" ");
}
