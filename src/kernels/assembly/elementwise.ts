// Simple elementwise kernels, two vectors at a time. Outputs may be one of the inputs.
import {largestMagnitudeOfLanes, raised} from "./vector-math";

/** out = a·b. @returns the largest |out|; NaN if any element is NaN */
export function multiply(a: usize, b: usize, out: usize, count: i32): f32 {
  const whole = <usize>(count & ~7) << 2, end = <usize>count << 2;
  let magnitudes0 = i32x4.splat(0), magnitudes1 = magnitudes0;
  let o: usize = 0;
  while (o < whole) {
    const y0 = f32x4.mul(v128.load(a + o), v128.load(b + o));
    const y1 = f32x4.mul(v128.load(a + o, 16), v128.load(b + o, 16));
    v128.store(out + o, y0);
    v128.store(out + o, y1, 16);
    magnitudes0 = raised(magnitudes0, y0);
    magnitudes1 = raised(magnitudes1, y1);
    o += 32;
  }
  while (o < end) {
    const y = load<f32>(a + o) * load<f32>(b + o);
    store<f32>(out + o, y);
    magnitudes0 = raised(magnitudes0, f32x4.splat(y));
    o += 4;
  }
  return largestMagnitudeOfLanes(raised(magnitudes0, magnitudes1));
}

/**
 * out = alpha·a + beta·b; the products are rounded before they are added.
 * @returns the largest |out|; NaN if any element is NaN
 */
export function scaledAdd(a: usize, alpha: f32, b: usize, beta: f32, out: usize, count: i32): f32 {
  const whole = <usize>(count & ~7) << 2, end = <usize>count << 2;
  const alphas = f32x4.splat(alpha), betas = f32x4.splat(beta);
  let magnitudes0 = i32x4.splat(0), magnitudes1 = magnitudes0;
  let o: usize = 0;
  while (o < whole) {
    const a0 = f32x4.mul(alphas, v128.load(a + o)), a1 = f32x4.mul(alphas, v128.load(a + o, 16));
    const b0 = f32x4.mul(betas, v128.load(b + o)), b1 = f32x4.mul(betas, v128.load(b + o, 16));
    const y0 = f32x4.add(a0, b0), y1 = f32x4.add(a1, b1);
    v128.store(out + o, y0);
    v128.store(out + o, y1, 16);
    magnitudes0 = raised(magnitudes0, y0);
    magnitudes1 = raised(magnitudes1, y1);
    o += 32;
  }
  while (o < end) {
    const y = alpha * load<f32>(a + o) + beta * load<f32>(b + o);
    store<f32>(out + o, y);
    magnitudes0 = raised(magnitudes0, f32x4.splat(y));
    o += 4;
  }
  return largestMagnitudeOfLanes(raised(magnitudes0, magnitudes1));
}

/** out = alpha·x. */
export function scale(x: usize, alpha: f32, out: usize, count: i32): void {
  const whole = <usize>(count & ~7) << 2, end = <usize>count << 2;
  const alphas = f32x4.splat(alpha);
  let o: usize = 0;
  while (o < whole) {
    v128.store(out + o, f32x4.mul(alphas, v128.load(x + o)));
    v128.store(out + o, f32x4.mul(alphas, v128.load(x + o, 16)), 16);
    o += 32;
  }
  while (o < end) {
    store<f32>(out + o, alpha * load<f32>(x + o));
    o += 4;
  }
}

/** Every element becomes `value`. */
export function fill(out: usize, value: f32, count: i32): void {
  const whole = out + (<usize>(count & ~7) << 2), end = out + (<usize>count << 2);
  const values = f32x4.splat(value);
  while (out < whole) {
    v128.store(out, values);
    v128.store(out, values, 16);
    out += 32;
  }
  while (out < end) {
    store<f32>(out, value);
    out += 4;
  }
}

/** Copies a matrix; strides are in elements from one row to the next. */
export function copyRows(from: usize, fromStride: i32, to: usize, toStride: i32, rows: i32, columns: i32): void {
  const whole = <usize>(columns & ~3) << 2, end = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    let o: usize = 0;
    while (o < whole) {
      v128.store(to + o, v128.load(from + o));
      o += 16;
    }
    while (o < end) {
      store<f32>(to + o, load<f32>(from + o));
      o += 4;
    }
    from += <usize>fromStride << 2;
    to += <usize>toStride << 2;
  }
}
