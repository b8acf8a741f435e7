import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/**
 * y = scale · x Φ(x) with the exact normal distribution function Φ; ∂x = scale · (Φ(x) + x φ(x)) · ∂y.
 * The derivative is computed on the way forward, from the same exponential, and takes the place of `x`,
 * which must have no other consumer.
 */
export function gelu(builder: ProgramBuilder, x: Tensor, {scale}: {scale: number}): Tensor {
  const {kernels} = builder;
  const count = x.rows * x.columns;
  const y = builder.tensor(x.rows, x.columns);
  const derivative = x.data;

  builder.step(() => kernels.geluForward(x.data, y.data, derivative, count, scale));

  builder.backward(() => {
    const {gradient} = y;
    x.gradient = gradient;
    builder.step(() => kernels.multiply(gradient, derivative, gradient, count));
  });
  return y;
}
