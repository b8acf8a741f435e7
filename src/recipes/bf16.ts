import {makeRecipe} from "./make-recipe.js";

/** Mixed precision with bfloat16: the range of float32, so nothing needs scaling. */
export const bf16 = makeRecipe({
  name: "bf16",
  description: "all operands of linear layers in bfloat16",
  source: "Kalamkar et al. 2019, arXiv 1905.12322",
  linear: {activation: "bf16 ocp", weight: "bf16 ocp", gradient: "bf16 ocp"},
});
