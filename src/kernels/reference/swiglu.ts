import {silu} from "./activations.js";

/** With rows [a, b] of 2·width: y = scale·a·silu(µ·b)/µ, and [∂y/∂a, ∂y/∂b], in double precision. */
export function swiglu(
  x: ArrayLike<number>,
  {rows, width}: {readonly rows: number; readonly width: number},
  {scale = 1, multiplier = 1}: {readonly scale?: number; readonly multiplier?: number} = {},
): {y: Float64Array; derivatives: Float64Array} {
  const y = new Float64Array(rows * width);
  const derivatives = new Float64Array(2 * rows * width);
  for (let i = 0; i < rows * width; i++) {
    const first = Math.floor(i / width) * 2 * width + (i % width);
    const {value, derivative} = silu(multiplier * x[first + width]);
    y[i] = (scale * x[first] * value) / multiplier;
    derivatives[first] = (scale * value) / multiplier;
    derivatives[first + width] = scale * x[first] * derivative;
  }
  return {y, derivatives};
}
