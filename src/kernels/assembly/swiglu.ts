// SwiGLU (Shazeer 2020): a linear half times the SiLU of the other half.
import {siluOfVector} from "./activations";
import {loadUpToFour, storeUpToFour} from "./vector-math";

const value = memory.data(16, 16), slope = memory.data(16, 16);

/**
 * With rows [a, b] of 2·width in x: y = scale·a·silu(µ·b)/µ, µ = multiplier, rows of width. `derivatives`, which may be
 * x, becomes [scale·silu(µ·b)/µ, scale·a·silu′(µ·b)].
 */
export function swigluForward(
  x: usize, y: usize, derivatives: usize, rows: i32, width: i32, scale: f32, multiplier: f32,
): void {
  const factor = f32x4.splat(scale / multiplier), mu = f32x4.splat(multiplier), half = <usize>width << 2;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column += 4) {
      const lanes = min(4, width - column), o = <usize>column << 2;
      const a = loadUpToFour(x + o, lanes);
      siluOfVector(f32x4.mul(mu, loadUpToFour(x + half + o, lanes)), value, slope, factor);
      const silu = v128.load(value);
      storeUpToFour(y + o, f32x4.mul(a, silu), lanes);
      storeUpToFour(derivatives + half + o, f32x4.mul(a, f32x4.mul(mu, v128.load(slope))), lanes);
      storeUpToFour(derivatives + o, silu, lanes);
    }
    x += 2 * half;
    y += half;
    derivatives += 2 * half;
  }
}

/** xGradient = scale·[derivatives₁·yGradient, derivatives₂·yGradient], rows of 2·width. xGradient may be `derivatives`. */
export function swigluBackward(
  derivatives: usize, yGradient: usize, xGradient: usize, rows: i32, width: i32, scale: f32,
): void {
  const factor = f32x4.splat(scale), half = <usize>width << 2;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column += 4) {
      const lanes = min(4, width - column), o = <usize>column << 2;
      const gradient = f32x4.mul(factor, loadUpToFour(yGradient + o, lanes));
      storeUpToFour(xGradient + o, f32x4.mul(gradient, loadUpToFour(derivatives + o, lanes)), lanes);
      const second = half + o;
      storeUpToFour(xGradient + second, f32x4.mul(gradient, loadUpToFour(derivatives + second, lanes)), lanes);
    }
    derivatives += 2 * half;
    yGradient += half;
    xGradient += 2 * half;
  }
}
