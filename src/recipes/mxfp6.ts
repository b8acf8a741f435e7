import {makeRecipe} from "./make-recipe.js";

export const mxfp6 = makeRecipe({
  name: "mxfp6",
  description: "E3M2 in blocks of 32 with a power of two each, in both passes",
  source: "Rouhani et al. 2023, arXiv 2310.10537; OCP Microscaling Formats 1.0",
  linear: {activation: "mxfp6e3m2", weight: "mxfp6e3m2", gradient: "mxfp6e3m2"},
});
