import {makeRecipe} from "./make-recipe.js";

export const fp32 = makeRecipe({
  name: "fp32",
  description: "nothing is rounded beyond float32",
  source: "what the others are compared with",
  linear: {activation: "fp32", weight: "fp32", gradient: "fp32"},
});
