import type {Recipe} from "../nn/recipe.js";
import {quantizer} from "../precision/quantizer.js";

const cast = quantizer("fp16", {policy: "ocp"});

/** Half precision without a loss scale: what is too small becomes zero, what is too large infinite. */
export const fp16: Recipe = {
  name: "fp16",
  description: "all operands of linear layers in IEEE half precision, without a loss scale",
  linear: {activation: cast, weight: cast, gradient: cast},
};
