import {makeRecipe} from "./make-recipe.js";

/**
 * E4M3 scales of blocks of 16 and one float32 scale of the tensor; weights in tiles of 16×16, so that both passes see
 * the same ones. The weight gradient multiplies copies of their own, with scales found after the Hadamard transform.
 * Gradients are rounded by the carry of random bits, as NVIDIA's conversion instructions do, which take 32 for four
 * elements; with 16 for each, less than 2⁻¹⁶ of a step is lost on average.
 */
export const nvfp4 = makeRecipe({
  name: "nvfp4",
  description: "E2M1 with two levels of scales; stochastic gradients, Hadamard in weight gradients",
  source: "TransformerEngine's NVFP4BlockScaling; arXiv 2509.25149",
  linear: {
    activation: "nvfp4",
    weight: "e2m1 nvfp4,2d",
    gradient: "nvfp4 stochastic-a bits=16",
    weightGradientActivation: "nvfp4 hadamard",
    weightGradientGradient: "nvfp4 stochastic-a bits=16 hadamard",
  },
});
