import {makeRecipe} from "./make-recipe.js";

/** Unlike `fp8-scaled`, scales are float32 numbers, which bring the largest magnitude onto the largest value. */
export const fp8Current = makeRecipe({
  name: "fp8-current",
  description:
    "E4M3 forward and E5M2 backward, each tensor with a float32 scale from its present largest magnitude",
  source: "TransformerEngine's Float8CurrentScaling",
  linear: {activation: "e4m3fn tensor,fp32", weight: "e4m3fn tensor,fp32", gradient: "e5m2 tensor,fp32"},
});
