import {recipeTitle} from "./recipe-styles.js";
import {schemeTitle} from "./scheme-title.js";
import {type RecipeResult, seedNoise} from "./seed-noise.js";

/**
 * Which recipes end where a reference ends, as far as the seeds let one tell, and which is the furthest from it, in a
 * sentence for one scheme; empty if the reference is missing.
 */
export function rankingClaim(results: readonly RecipeResult[], reference: string): string {
  const zero = results.find(({recipe}) => recipe === reference);
  if (!zero || Number.isNaN(zero.mean)) return "";
  const noise = seedNoise(results);
  if (Number.isNaN(noise))
    return `${schemeTitle(zero.scheme)}: without a second seed nothing tells chance from cost.`;
  const others = results.filter((result) => result !== zero);
  const diverged = others.filter((result) => result.diverged > 0);
  const trained = others.filter((result) => result.diverged === 0);
  const near = trained.filter(({mean}) => mean - zero.mean <= noise);
  const worst = trained.reduce((a, b) => (b.mean > a.mean ? b : a), trained[0]);
  const above = (worst?.mean ?? Number.NaN) - zero.mean;
  const far =
    above > noise ? `; the furthest, ${recipeTitle(worst.recipe)}, ends ${above.toFixed(2)} nats higher` : "";
  const gone =
    diverged.length > 0 ? `; ${diverged.map(({recipe}) => recipeTitle(recipe)).join(", ")} diverged` : "";
  return (
    `${schemeTitle(zero.scheme)}: ${near.length} of ${others.length} recipes end within ${noise.toFixed(3)} nats of ` +
    `${recipeTitle(reference)}, or below it, which is all that the seeds let one tell${far}${gone}.`
  );
}
