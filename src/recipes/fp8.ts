import {makeRecipe} from "./make-recipe.js";

/** Plain casts without any scale. */
export const fp8 = makeRecipe({
  name: "fp8",
  description: "activations and weights in E4M3, gradients in E5M2, plainly cast",
  source: "the formats of Micikevicius et al. 2022, arXiv 2209.05433",
  linear: {activation: "e4m3fn ocp-saturate", weight: "e4m3fn ocp-saturate", gradient: "e5m2 ocp-saturate"},
});
