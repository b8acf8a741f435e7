import {fp16Casts} from "./fp16.js";
import {makeRecipe} from "./make-recipe.js";

/** Half precision with a loss scale that grows until gradients overflow. */
export const fp16Dynamic = makeRecipe({
  name: "fp16-dynamic",
  description: "fp16 with a loss scale that is halved at each overflow and doubled after 2000 steps without",
  source: "Micikevicius et al. 2018, arXiv 1710.03740, with the constants of PyTorch's GradScaler",
  linear: fp16Casts,
  lossScale: "dynamic",
});
