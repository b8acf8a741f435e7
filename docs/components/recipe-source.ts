import type {RecipeRun, RecipeRuns} from "./recipe-runs.js";

/** How to cite a figure of the page on recipes, and the ids of the runs that it is about, if there are not too many. */
export function recipeSource(
  figure: string,
  {engines, runs}: RecipeRuns,
  isShown: (run: RecipeRun) => boolean = () => true,
): string {
  const shown = runs.filter(isShown);
  const ids =
    shown.length <= 4
      ? `Runs: ${shown.map(({scheme, recipe, id}) => `${scheme} ${recipe} ${id.slice(0, 12)}`).join(", ")}.`
      : `${shown.length} runs of data/settings/recipes.yaml.`;
  return `Bitscape, “Recipes”, ${figure}. ${ids} Engine: ${engines.join(", ")}.`;
}
