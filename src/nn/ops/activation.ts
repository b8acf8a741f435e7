import {measuredStep} from "../measured-step.js";
import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Functions between the two layers of the feed-forward part; `swiglu` is gated, see gated-activation.ts. */
export type ActivationName = ElementwiseName | "swiglu";

export type ElementwiseName = "gelu" | "relu" | "silu";

/** Factors of the output and of the input gradient, and the multiplier µ of the input: f(µ·x)/µ takes the place of f(x). */
export interface ActivationScale {
  readonly output: number;
  readonly inputGradient: number;
  readonly multiplier: number;
}

/**
 * y = output · f(µ·x)/µ, ∂x = inputGradient · f′(µ·x) · ∂y, for GELU (x·Φ(x), the exact normal distribution function),
 * ReLU or SiLU (x·σ(x)). The derivative is computed on the way forward, from the same exponential, and takes the place of
 * `x`, which must have no other consumer.
 */
export function activation(
  builder: ProgramBuilder,
  x: Tensor,
  {name, scale: {output, inputGradient, multiplier}}: {name: ElementwiseName; scale: ActivationScale},
): Tensor {
  const {kernels} = builder;
  const count = x.rows * x.columns;
  const y = builder.tensor(x.rows, x.columns);
  const derivative = x.data;
  const forward = {gelu: kernels.geluForward, relu: kernels.reluForward, silu: kernels.siluForward}[name];
  const factor = output / multiplier; // the kernels apply it to the derivative, too
  const correction = inputGradient / factor;

  if (multiplier !== 1) builder.step(() => kernels.scale(x.data, multiplier, x.data, count));
  y.dataMagnitude = measuredStep(builder, () => forward(x.data, y.data, derivative, count, factor));

  builder.backward(() => {
    const {gradient} = y;
    const xGradient = y.gradientShared ? builder.acquireGradient(x) : gradient;
    x.gradient = xGradient;
    const magnitude = measuredStep(builder, () => kernels.multiply(gradient, derivative, xGradient, count));
    if (correction === 1) x.gradientMagnitude = magnitude;
    else builder.step(() => kernels.scale(xGradient, correction, xGradient, count));
  });
  return y;
}
