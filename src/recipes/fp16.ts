import {makeRecipe} from "./make-recipe.js";

export const fp16Casts = {activation: "fp16 ocp", weight: "fp16 ocp", gradient: "fp16 ocp"} as const;

/** Half precision without a loss scale: what is too small becomes zero, what is too large infinite. */
export const fp16 = makeRecipe({
  name: "fp16",
  description: "all operands of linear layers in IEEE half precision, without a loss scale",
  source: "Micikevicius et al. 2018, arXiv 1710.03740, without its loss scale",
  linear: fp16Casts,
});
