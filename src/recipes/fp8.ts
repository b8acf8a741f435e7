import type {Recipe} from "../nn/recipe.js";
import {quantizer} from "../precision/quantizer.js";

const forward = quantizer("e4m3fn", {policy: "ocp-saturate"});
const backward = quantizer("e5m2", {policy: "ocp-saturate"});

/** Plain casts, E4M3 forward and E5M2 backward (Micikevicius et al. 2022, arXiv 2209.05433), without any scale. */
export const fp8: Recipe = {
  name: "fp8",
  description: "activations and weights in E4M3, gradients in E5M2, plainly cast",
  linear: {activation: forward, weight: forward, gradient: backward},
};
