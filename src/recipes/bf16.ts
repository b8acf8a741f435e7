import type {Recipe} from "../nn/recipe.js";
import {quantizer} from "../precision/quantizer.js";

const cast = quantizer("bf16", {policy: "ocp"});

/** Mixed precision with bfloat16: the range of float32, so nothing needs scaling. */
export const bf16: Recipe = {
  name: "bf16",
  description: "all operands of linear layers in bfloat16",
  linear: {activation: cast, weight: cast, gradient: cast},
};
