import type {Recipe} from "../nn/recipe.js";
import {quantizer} from "../precision/quantizer.js";

const asIs = quantizer("fp32");

export const fp32: Recipe = {
  name: "fp32",
  description: "nothing is rounded beyond float32",
  linear: {activation: asIs, weight: asIs, gradient: asIs},
};
