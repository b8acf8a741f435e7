import {fp32} from "./fp32.js";
import {makeRecipe} from "./make-recipe.js";

/**
 * E4M3 on both passes, with float32 scales, each for a tile of 1×128 or a block of 128×128 weights. Sums
 * leave the matrix unit after 128 products, are multiplied by the scales and go on in float32; here they are float32
 * before, too, which the unit `h100-wgmma` shows as Hopper has it. The head, like embedding, norms and attention, stays
 * in high precision. Not modelled: E5M6 for the input of the layer after attention.
 */
export const deepseekV3 = makeRecipe({
  name: "deepseek-v3",
  description: "E4M3 for everything in linear layers but the head, with float32 scales of 1×128 and 128×128",
  source: "DeepSeek-V3, arXiv 2412.19437, section 3.3",
  linear: {
    activation: "deepseek-activation",
    weight: "deepseek-weight",
    gradient: "deepseek-activation",
  },
  unit: "fp32 promotion=128",
  layers: {head: fp32},
});
