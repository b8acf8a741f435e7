import {bf16} from "./bf16.js";
import {makeRecipe} from "./make-recipe.js";

/** Clip and cast: for schemes that keep every tensor within the range of the formats. */
export const fp8Static = makeRecipe({
  name: "fp8-static",
  description:
    "hidden layers clipped and cast to E4M3 forward and E5M2 backward without any scale, the head in bf16",
  source: "µnit scaling, Narayan et al. 2025, arXiv 2502.05967",
  linear: {activation: "e4m3fn ocp-saturate", weight: "e4m3fn ocp-saturate", gradient: "e5m2 ocp-saturate"},
  layers: {head: bf16},
});
