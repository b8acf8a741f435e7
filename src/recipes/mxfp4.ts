import {makeRecipe} from "./make-recipe.js";

/**
 * Gradients are rounded stochastically, and what the weight gradient multiplies goes through a random Hadamard
 * transform along the sum, so that outliers are spread over their block. Stochastic operands are multiplied by ¾ before
 * they are rounded and by 4/3 after, Algorithm 2 of Tseng and others, so that not even the largest of a block saturates
 * and the mean is what was rounded, to within 2⁻¹⁶ of a step with 16 random bits (see nvfp4.ts); the others follow OCP.
 */
export const mxfp4 = makeRecipe({
  name: "mxfp4",
  description:
    "E2M1 in blocks of 32 with a power of two each; stochastic gradients, Hadamard in weight gradients",
  source:
    "OCP Microscaling Formats 1.0; unbiased gradients and Hadamard as in Tseng et al. 2025, arXiv 2502.20586",
  linear: {
    activation: "mxfp4",
    weight: "mxfp4",
    gradient: "mxfp4 mx,prescale=0.75 stochastic-a bits=16",
    weightGradientActivation: "mxfp4 hadamard",
    weightGradientGradient: "mxfp4 mx,prescale=0.75 stochastic-a bits=16 hadamard",
  },
});
