import {fp32} from "./fp32.js";
import {makeRecipe} from "./make-recipe.js";

/** Weights -1, 0 and 1 times their mean magnitude; activations as integers of 8 bits by token; gradients in float32. */
export const ternary = makeRecipe({
  name: "ternary",
  description:
    "weights -1, 0 or 1 times one scale, activations as 8-bit integers by token; gradients in float32",
  source: "BitNet b1.58, Ma et al. 2024, arXiv 2402.17764",
  linear: {
    activation: "int8 row,epsilon=1e-5",
    weight: "int2sym mean",
    gradient: "fp32",
    inputGradientWeight: "forward",
    weightGradientActivation: "forward",
  },
  layers: {head: fp32},
});
