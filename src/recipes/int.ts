import type {Recipe} from "../nn/recipe.js";
import {makeRecipe} from "./make-recipe.js";

/**
 * Symmetric integers in the forward pass alone, scaled by the largest magnitude: weights by output channel, activations
 * and the KV cache by tensor. The backward pass multiplies what the forward pass did, with gradients in float32.
 */
export const int = (bits: number): Recipe =>
  makeRecipe({
    name: `int${bits}`,
    description: `weights, activations, keys and values as integers of ${bits} bits; gradients in float32`,
    source: "Kumar et al. 2024, arXiv 2411.04330",
    linear: {
      activation: `int${bits} tensor,fp32`,
      weight: `int${bits} row`,
      gradient: "fp32",
      inputGradientWeight: "forward",
      weightGradientActivation: "forward",
    },
    attention: {key: `int${bits} tensor,fp32`, value: `int${bits} tensor,fp32`},
  });
