import type {Recipe} from "../nn/recipe.js";
import {quantizer} from "../precision/quantizer.js";

const forward = quantizer("e4m3fn", {policy: "ocp-saturate", scaling: "tensor"});
const backward = quantizer("e5m2", {policy: "ocp-saturate", scaling: "tensor"});

/** Per-tensor current scaling: each cast uses a power of two that brings the present largest magnitude into range. */
export const fp8Scaled: Recipe = {
  name: "fp8-scaled",
  description: "the formats of fp8, each tensor scaled by its present largest magnitude",
  linear: {activation: forward, weight: forward, gradient: backward},
};
