import {makeRecipe} from "./make-recipe.js";

/** One float32 scale for each tensor, from the largest magnitude of the last 1024 steps; the first step has the scale 1. */
export const fp8Delayed = makeRecipe({
  name: "fp8-delayed",
  description: "E4M3 forward and E5M2 backward, each tensor scaled by its largest magnitude in earlier steps",
  source: "TransformerEngine's DelayedScaling; Micikevicius et al. 2022, arXiv 2209.05433",
  linear: {activation: "e4m3fn delayed", weight: "e4m3fn delayed", gradient: "e5m2 delayed"},
});
