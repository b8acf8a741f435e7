import {makeRecipe} from "./make-recipe.js";

/** Each cast uses a power of two that brings the present largest magnitude into range. */
export const fp8Scaled = makeRecipe({
  name: "fp8-scaled",
  description: "the formats of fp8, each tensor scaled by its present largest magnitude",
  source: "FP8-AMAX of Perez et al. 2023, arXiv 2309.17224",
  linear: {activation: "e4m3fn tensor", weight: "e4m3fn tensor", gradient: "e5m2 tensor"},
});
