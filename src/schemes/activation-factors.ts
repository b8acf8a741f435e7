import type {ActivationName} from "../nn/ops/activation.js";
import type {OutputAndInputGradient} from "./constraint.js";

/** Ideal factors for a unit-normal input: 1/σ(f(z)) and 1/rms(f′(z)), by quadrature (table A.2 has GELU and ReLU). */
export const activationFactors: Readonly<Record<ActivationName, OutputAndInputGradient>> = {
  gelu: {output: 1.7009262433634058, inputGradient: 1.4811144127084452},
  relu: {output: Math.sqrt(2 / (1 - 1 / Math.PI)), inputGradient: Math.SQRT2},
  silu: {output: 1.7871872221004432, inputGradient: 1.623320257952498},
  // Of a·silu(b) over the pair: its output has variance E[silu²], the gradients of a and b E[silu²] and E[silu′²].
  swiglu: {output: 1.6765324703415534, inputGradient: 1.6492829013166026},
};
