// One step of a recurrent highway cell (Zilly and others 2017, arXiv 1607.03474), for all sequences of a batch.
import {scale} from "./elementwise";
import {loadUpToFour, sigmoid, storeUpToFour, tanh} from "./vector-math";

/**
 * With z = input + gates + bias, rows of 2·width: c = tanh(z₁), u = σ(z₂ − carryBias) and
 * next = (1 − u)·previous + u·c, output = outputScale·next. `gates` holds the products of the state with its weight and
 * becomes [c, u]. Rows of `input` and `output` lie `inputStride` and `outputStride` elements apart, the others densely.
 */
export function highwayForward(
  input: usize, inputStride: i32, gates: usize, bias: usize, previous: usize, next: usize,
  output: usize, outputStride: i32, rows: i32, width: i32, carryBias: f32, outputScale: f32,
): void {
  const bytes = <usize>width << 2;
  const one = f32x4.splat(1), carry = f32x4.splat(carryBias), factor = f32x4.splat(outputScale);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column += 4) {
      const lanes = min(4, width - column), o = <usize>column << 2, second = bytes + o;
      const z1 = f32x4.add(f32x4.add(loadUpToFour(input + o, lanes), loadUpToFour(gates + o, lanes)),
        loadUpToFour(bias + o, lanes));
      const z2 = f32x4.add(f32x4.add(loadUpToFour(input + second, lanes), loadUpToFour(gates + second, lanes)),
        loadUpToFour(bias + second, lanes));
      const c = tanh(z1), u = sigmoid(f32x4.sub(z2, carry));
      const h = f32x4.add(f32x4.mul(f32x4.sub(one, u), loadUpToFour(previous + o, lanes)), f32x4.mul(u, c));
      storeUpToFour(gates + o, c, lanes);
      storeUpToFour(gates + second, u, lanes);
      storeUpToFour(next + o, h, lanes);
      storeUpToFour(output + o, f32x4.mul(factor, h), lanes);
    }
    input += <usize>inputStride << 2;
    output += <usize>outputStride << 2;
    gates += 2 * bytes;
    previous += bytes;
    next += bytes;
  }
}

/**
 * With the gradient of `next` g = carried + fromGates + outputScale·outputGradient: z₁'s is g·u·(1 − c²), z₂'s is
 * g·(c − previous)·u·(1 − u), both written to `gatesGradient` and to `inputGradient`, and carried becomes g·(1 − u), what
 * reaches `previous` apart from the way through the gates. Rows of `outputGradient` and `inputGradient` are strided.
 */
export function highwayBackward(
  outputGradient: usize, outputStride: i32, gates: usize, previous: usize, carried: usize, fromGates: usize,
  gatesGradient: usize, inputGradient: usize, inputStride: i32, rows: i32, width: i32, outputScale: f32,
): void {
  const bytes = <usize>width << 2;
  const one = f32x4.splat(1), factor = f32x4.splat(outputScale);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column += 4) {
      const lanes = min(4, width - column), o = <usize>column << 2, second = bytes + o;
      const c = loadUpToFour(gates + o, lanes), u = loadUpToFour(gates + second, lanes);
      const g = f32x4.add(
        f32x4.add(loadUpToFour(carried + o, lanes), loadUpToFour(fromGates + o, lanes)),
        f32x4.mul(factor, loadUpToFour(outputGradient + o, lanes)),
      );
      const keep = f32x4.sub(one, u), gu = f32x4.mul(g, u);
      const z1 = f32x4.mul(gu, f32x4.sub(one, f32x4.mul(c, c)));
      const z2 = f32x4.mul(f32x4.mul(gu, keep), f32x4.sub(c, loadUpToFour(previous + o, lanes)));
      storeUpToFour(gatesGradient + o, z1, lanes);
      storeUpToFour(gatesGradient + second, z2, lanes);
      storeUpToFour(inputGradient + o, z1, lanes);
      storeUpToFour(inputGradient + second, z2, lanes);
      storeUpToFour(carried + o, f32x4.mul(g, keep), lanes);
    }
    outputGradient += <usize>outputStride << 2;
    inputGradient += <usize>inputStride << 2;
    gates += 2 * bytes;
    gatesGradient += 2 * bytes;
    previous += bytes;
    carried += bytes;
    fromGates += bytes;
  }
}

/** sums = factor·Σ x over the rows, in ascending order. */
export function columnSums(x: usize, sums: usize, rows: i32, width: i32, factor: f32): void {
  const bytes = <usize>width << 2, end = <usize>rows * bytes;
  for (let column = 0; column < width; column += 4) {
    const lanes = min(4, width - column), o = <usize>column << 2;
    let sum = f32x4.splat(0);
    for (let at = o; at < end; at += bytes) sum = f32x4.add(sum, loadUpToFour(x + at, lanes));
    storeUpToFour(sums + o, sum, lanes);
  }
  scale(sums, factor, sums, width);
}
