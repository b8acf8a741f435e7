import {fp16Casts} from "./fp16.js";
import {makeRecipe} from "./make-recipe.js";

/** Half precision with a constant loss scale. */
export const fp16Static = makeRecipe({
  name: "fp16-static",
  description: "fp16 with the gradient of the loss multiplied by 2048",
  source:
    "Micikevicius et al. 2018, arXiv 1710.03740; 2048 as in Blake et al. 2023, arXiv 2303.11257, figure 4",
  linear: fp16Casts,
  lossScale: 2048,
});
