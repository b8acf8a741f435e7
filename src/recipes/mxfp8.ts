import {makeRecipe} from "./make-recipe.js";

/** Both passes in E4M3; scales are rounded up, so that nothing saturates. */
export const mxfp8 = makeRecipe({
  name: "mxfp8",
  description: "E4M3 in blocks of 32 with a power of two each, rounded up",
  source: "TransformerEngine's MXFP8BlockScaling; OCP Microscaling Formats 1.0; arXiv 2506.08027",
  linear: {
    activation: "e4m3fn mx,transformer-engine",
    weight: "e4m3fn mx,transformer-engine",
    gradient: "e4m3fn mx,transformer-engine",
  },
});
