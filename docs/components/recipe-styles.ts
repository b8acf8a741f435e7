export interface RecipeStyle {
  readonly recipe: string;
  readonly title: string;
  /** The colour, as a key of the palette. */
  readonly color: "fp32" | "fp8" | "scaled";
  /** The second cues: broad and pale, dashed, and dashed in the gaps; symbols that fit into each other. */
  readonly width: number;
  readonly opacity: number;
  readonly dash?: string;
  readonly dashOffset?: number;
  readonly symbol: "circle" | "square" | "triangle";
  readonly radius: number;
}

/** How the recipes are drawn and named on every page. */
export const recipeStyles: readonly RecipeStyle[] = [
  {recipe: "fp32", title: "FP32", color: "fp32", width: 4, opacity: 0.35, symbol: "circle", radius: 5.5},
  {
    recipe: "fp8",
    title: "FP8, plain",
    color: "fp8",
    width: 1.75,
    opacity: 1,
    dash: "5 5",
    symbol: "square",
    radius: 3.5,
  },
  {
    recipe: "fp8-scaled",
    title: "FP8, scaled",
    color: "scaled",
    width: 1.75,
    opacity: 1,
    dash: "5 5",
    dashOffset: 5,
    symbol: "triangle",
    radius: 2,
  },
];

/** Titles of the recipes that have no style of their own. */
const titles: Readonly<Record<string, string>> = {
  bf16: "BF16",
  fp16: "FP16",
  "fp16-static": "FP16, static scale",
  "fp16-dynamic": "FP16, dynamic scale",
  "fp8-delayed": "FP8, delayed scaling",
  "fp8-current": "FP8, current scaling",
  "fp8-block": "FP8, blocks",
  "fp8-static": "FP8, clip and cast",
  "deepseek-v3": "DeepSeek-V3",
  mxfp8: "MXFP8",
  mxfp6: "MXFP6",
  mxfp4: "MXFP4",
  nvfp4: "NVFP4",
  int8: "INT8",
  int4: "INT4",
  ternary: "Ternary",
};

/** What a recipe is called. */
export const recipeTitle = (recipe: string): string =>
  recipeStyles.find((style) => style.recipe === recipe)?.title ?? titles[recipe] ?? recipe;
