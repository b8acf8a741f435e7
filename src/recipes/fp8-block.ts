import {makeRecipe} from "./make-recipe.js";

/** Vectors of 128 along the sum for what changes with the data, square tiles for weights. */
export const fp8Block = makeRecipe({
  name: "fp8-block",
  description: "E4M3 with powers of two as scales of 1×128 values, and of 128×128 weights",
  source: "TransformerEngine's Float8BlockScaling",
  linear: {
    activation: "e4m3fn block:1x128,pow2",
    weight: "e4m3fn block:128x128,pow2",
    gradient: "e4m3fn block:1x128,pow2",
  },
});
