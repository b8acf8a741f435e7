import type {RecipeRun} from "./recipe-runs.js";

/** How the runs of one recipe under one scheme ended, over all seeds. */
export interface RecipeResult {
  readonly scheme: string;
  readonly recipe: string;
  /** Final held-out losses of the runs that did not diverge, in nats per token, by seed. */
  readonly losses: readonly number[];
  /** Their mean; NaN where all runs diverged. */
  readonly mean: number;
  readonly diverged: number;
}

/** The runs of a scheme gathered by recipe, from the lowest loss to the highest; what diverged comes last. */
export function recipeResults(runs: readonly RecipeRun[], scheme: string): RecipeResult[] {
  const ofScheme = runs.filter((run) => run.scheme === scheme);
  const results = [...new Set(ofScheme.map(({recipe}) => recipe))].map((recipe) => {
    const ofRecipe = ofScheme.filter((run) => run.recipe === recipe).sort((a, b) => a.seed - b.seed);
    const losses = ofRecipe.flatMap(({loss}) => (loss === null ? [] : [loss]));
    return {scheme, recipe, losses, mean: mean(losses), diverged: ofRecipe.length - losses.length};
  });
  const rank = (result: RecipeResult) => (result.diverged > 0 ? Number.POSITIVE_INFINITY : result.mean);
  return results.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/**
 * By how much the mean losses of two recipes differ through the seeds alone: twice the standard error of a difference of
 * two means. The variance over seeds is the median of those within recipes, since runs that do not train scatter without
 * end, over the median of a χ² distribution (Wilson and Hilferty 1931), as if all recipes had one variance. In nats per
 * token; NaN where there are no two runs of one recipe.
 */
export function seedNoise(results: readonly RecipeResult[]): number {
  const trained = results.filter(({diverged, losses}) => diverged === 0 && losses.length > 1);
  const variances = trained.map(
    ({losses, mean}) => sum(losses.map((loss) => (loss - mean) ** 2)) / (losses.length - 1),
  );
  const seeds = Math.min(...trained.map(({losses}) => losses.length));
  const variance = median(variances) / (1 - 2 / (9 * (seeds - 1))) ** 3;
  return 2 * Math.sqrt(variance * (2 / seeds));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const mean = (values: readonly number[]): number => sum(values) / values.length;
