import {makeRecipe} from "./make-recipe.js";

/**
 * Gradients are rounded stochastically, and what the weight gradient multiplies goes through a random Hadamard
 * transform along the sum, so that outliers are spread over their block. Not modelled: the factor ¾ of Tseng and others
 * before the cast, without which the largest of a block may saturate, so that its mean is not what was rounded.
 */
export const mxfp4 = makeRecipe({
  name: "mxfp4",
  description:
    "E2M1 in blocks of 32 with a power of two each; stochastic gradients, Hadamard in weight gradients",
  source:
    "OCP Microscaling Formats 1.0; stochastic rounding and Hadamard as in Tseng et al. 2025, arXiv 2502.20586",
  linear: {
    activation: "mxfp4",
    weight: "mxfp4",
    gradient: "mxfp4 stochastic",
    weightGradientActivation: "mxfp4 hadamard",
    weightGradientGradient: "mxfp4 stochastic hadamard",
  },
});
