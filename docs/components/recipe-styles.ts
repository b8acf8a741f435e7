export interface RecipeStyle {
  readonly recipe: string;
  readonly title: string;
  /** The colour, as a key of the palette. */
  readonly color: "fp32" | "fp8" | "scaled";
  /** The second cue. */
  readonly dash?: string;
  readonly symbol: "circle" | "square" | "triangle";
}

/** How the recipes are drawn and named on every page. */
export const recipeStyles: readonly RecipeStyle[] = [
  {recipe: "fp32", title: "FP32", color: "fp32", symbol: "circle"},
  {recipe: "fp8", title: "FP8, plain", color: "fp8", dash: "5 3", symbol: "square"},
  {recipe: "fp8-scaled", title: "FP8, scaled", color: "scaled", dash: "2 2", symbol: "triangle"},
];

/** What a recipe is called. */
export const recipeTitle = (recipe: string): string =>
  recipeStyles.find((style) => style.recipe === recipe)?.title ?? recipe;
