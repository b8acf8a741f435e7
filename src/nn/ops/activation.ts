import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Functions between the two layers of the feed-forward part. */
export type ActivationName = "gelu" | "relu" | "silu";

/**
 * y = scale · f(x), ∂x = scale · f′(x) · ∂y, for GELU (x·Φ(x), the exact normal distribution function), ReLU or SiLU
 * (x·σ(x)). The derivative is computed on the way forward, from the same exponential, and takes the place of `x`,
 * which must have no other consumer.
 */
export function activation(
  builder: ProgramBuilder,
  x: Tensor,
  {name, scale}: {name: ActivationName; scale: number},
): Tensor {
  const {kernels} = builder;
  const count = x.rows * x.columns;
  const y = builder.tensor(x.rows, x.columns);
  const derivative = x.data;
  const forward = {gelu: kernels.geluForward, relu: kernels.reluForward, silu: kernels.siluForward}[name];

  builder.step(() => forward(x.data, y.data, derivative, count, scale));

  builder.backward(() => {
    const {gradient} = y;
    x.gradient = gradient;
    builder.step(() => kernels.multiply(gradient, derivative, gradient, count));
  });
  return y;
}
