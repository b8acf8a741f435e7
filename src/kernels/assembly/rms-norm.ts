// Root-mean-square normalization over the last axis (Zhang and Sennrich 2019), with a gain.
import {scale} from "./elementwise";
import {rowBlock, sumOfSquares} from "./layer-norm";
import {loadPart, loadUpToFour, storePart, storeUpToFour, sumOfLanes} from "./vector-math";

/**
 * y = gain·x̂ with x̂ = x/σ, σ² = mean of x² plus epsilon, for each row. Keeps x̂ (rows × width) in `normalized` and
 * 1/σ (rows) in `inverseSpread`. y may be x.
 */
export function rmsNormForward(
  x: usize, gain: usize, y: usize, normalized: usize, inverseSpread: usize, rows: i32, width: i32, epsilon: f32,
): void {
  const bytes = <usize>width << 2, whole = <usize>(width & ~3) << 2, rest = width & 3;
  for (let row = 0; row < rows; row++) {
    const inverse: f32 = 1 / sqrt<f32>(sumOfSquares(x, width, 0) / <f32>width + epsilon);
    const inverses = f32x4.splat(inverse);
    store<f32>(inverseSpread, inverse);
    for (let o: usize = 0; o < whole; o += 16) {
      const n = f32x4.mul(v128.load(x + o), inverses);
      v128.store(normalized + o, n);
      v128.store(y + o, f32x4.mul(n, v128.load(gain + o)));
    }
    if (rest) {
      const n = f32x4.mul(loadPart(x + whole, rest), inverses);
      storePart(normalized + whole, n, rest);
      storePart(y + whole, f32x4.mul(n, loadPart(gain + whole, rest)), rest);
    }
    x += bytes;
    y += bytes;
    normalized += bytes;
    inverseSpread += 4;
  }
}

/**
 * With g = gain·yGradient: xGradient = (g − x̂·mean(g·x̂))/σ for each row, and gainGradient =
 * parameterScale·Σ yGradient·x̂ over the rows, summed in blocks of 32 rows. xGradient may be yGradient.
 */
export function rmsNormBackward(
  normalized: usize, inverseSpread: usize, gain: usize, yGradient: usize, xGradient: usize,
  gainGradient: usize, rows: i32, width: i32, parameterScale: f32,
): void {
  const bytes = <usize>width << 2;
  memory.fill(gainGradient, 0, bytes);
  for (let row = 0; row < rows; row += rowBlock) {
    const count = min(rowBlock, rows - row);
    addColumnSums(normalized, yGradient, gainGradient, count, width);
    for (let r = 0; r < count; r++) {
      rowBackward(normalized, load<f32>(inverseSpread), gain, yGradient, xGradient, width);
      normalized += bytes;
      yGradient += bytes;
      xGradient += bytes;
      inverseSpread += 4;
    }
  }
  scale(gainGradient, parameterScale, gainGradient, width);
}

/** gainGradient += Σ yGradient·x̂ over a block of rows. */
function addColumnSums(normalized: usize, yGradient: usize, gainGradient: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2, end = <usize>rows * bytes;
  for (let column = 0; column < width; column += 4) {
    const lanes = min(4, width - column), o = <usize>column << 2;
    let sums = f32x4.splat(0);
    for (let at = o; at < end; at += bytes) {
      sums = f32x4.add(sums, f32x4.mul(loadUpToFour(yGradient + at, lanes), loadUpToFour(normalized + at, lanes)));
    }
    storeUpToFour(gainGradient + o, f32x4.add(loadUpToFour(gainGradient + o, lanes), sums), lanes);
  }
}

/** The sum runs in four lanes; a last partial vector is filled with zeros. */
function rowBackward(normalized: usize, inverse: f32, gain: usize, yGradient: usize, xGradient: usize, width: i32): void {
  const whole = <usize>(width & ~3) << 2, rest = width & 3;
  let sums = f32x4.splat(0);
  let o: usize = 0;
  for (; o < whole; o += 16) {
    const g = f32x4.mul(v128.load(gain + o), v128.load(yGradient + o));
    sums = f32x4.add(sums, f32x4.mul(g, v128.load(normalized + o)));
  }
  if (rest) {
    const g = f32x4.mul(loadPart(gain + o, rest), loadPart(yGradient + o, rest));
    sums = f32x4.add(sums, f32x4.mul(g, loadPart(normalized + o, rest)));
  }
  const slopes = f32x4.splat(sumOfLanes(sums) / <f32>width), inverses = f32x4.splat(inverse);
  for (o = 0; o < whole; o += 16) {
    const g = f32x4.mul(v128.load(gain + o), v128.load(yGradient + o));
    v128.store(xGradient + o, f32x4.mul(f32x4.sub(g, f32x4.mul(v128.load(normalized + o), slopes)), inverses));
  }
  if (rest) {
    const g = f32x4.mul(loadPart(gain + o, rest), loadPart(yGradient + o, rest));
    storePart(xGradient + o, f32x4.mul(f32x4.sub(g, f32x4.mul(loadPart(normalized + o, rest), slopes)), inverses), rest);
  }
}
