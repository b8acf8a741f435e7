import type {PageState} from "./page-state.js";
import type {RecipeRuns} from "./recipe-runs.js";
import type {RecipesChoices} from "./recipes-choices.js";

/** What every figure of the page on recipes is given besides its rows. */
export interface RecipeFigureOptions {
  readonly state: PageState<RecipesChoices>;
  readonly runs: RecipeRuns;
  readonly document?: Document;
}
