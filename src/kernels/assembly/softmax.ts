// Softmax of one row, in the parts that attention and cross-entropy share.
import {exp, keepPart, largestOfLanes, loadPart, storePart, sumOfLanes} from "./vector-math";

/** Largest element of a row; NaN elements may be passed over. */
@inline
export function largestOfRow(x: usize, count: i32): f32 {
  const whole = x + (<usize>(count & ~3) << 2), end = x + (<usize>count << 2);
  let largest = f32x4.splat(-Infinity);
  while (x < whole) {
    largest = f32x4.pmax(largest, v128.load(x));
    x += 16;
  }
  let result = largestOfLanes(largest);
  while (x < end) {
    result = max(result, load<f32>(x));
    x += 4;
  }
  return result;
}

/**
 * y = e^(x − largest), and their sum in four lanes; y may be x. With y = 0 nothing is stored. The last vector is
 * stored whole, filled up with zeros, if it lies within the first `room` elements of y.
 */
@inline
export function exponentials(x: usize, y: usize, count: i32, room: i32, largest: f32): f32 {
  const shift = f32x4.splat(largest);
  const whole = x + (<usize>(count & ~3) << 2);
  const stores = y != 0;
  let sums = f32x4.splat(0);
  while (x < whole) {
    const e = exp(f32x4.sub(v128.load(x), shift));
    if (stores) v128.store(y, e);
    sums = f32x4.add(sums, e);
    x += 16;
    y += 16;
  }
  const rest = count & 3;
  if (rest) {
    const e = keepPart(exp(f32x4.sub(loadPart(x, rest), shift)), rest);
    sums = f32x4.add(sums, e);
    if (stores) {
      if ((count | 3) < room) v128.store(y, e);
      else storePart(y, e, rest);
    }
  }
  return sumOfLanes(sums);
}

/** x ← factor·x. */
@inline
export function scaleRow(x: usize, count: i32, factor: f32): void {
  const whole = x + (<usize>(count & ~3) << 2), end = x + (<usize>count << 2);
  const factors = f32x4.splat(factor);
  while (x < whole) {
    v128.store(x, f32x4.mul(v128.load(x), factors));
    x += 16;
  }
  while (x < end) {
    store<f32>(x, load<f32>(x) * factor);
    x += 4;
  }
}
