// Layer normalization over the last axis (Ba, Kiros and Hinton 2016), with gain and bias.
import {scale} from "./elementwise";
import {
  keepPart, largestMagnitudeOfLanes, loadPart, loadUpToFour, raised, storePart, storeUpToFour, sumOfLanes,
} from "./vector-math";

/**
 * y = gain·x̂ + bias with x̂ = (x − mean)/σ, σ² = mean of (x − mean)² plus epsilon, for each row.
 * Keeps x̂ (rows × width) in `normalized` and 1/σ (rows) in `inverseSpread`. y may be x.
 * @returns the largest |y|; NaN if any element is NaN
 */
export function layerNormForward(
  x: usize, gain: usize, bias: usize, y: usize, normalized: usize, inverseSpread: usize,
  rows: i32, width: i32, epsilon: f32,
): f32 {
  const bytes = <usize>width << 2, whole = <usize>(width & ~3) << 2, rest = width & 3;
  let magnitudes = i32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    const mean = sumOfRow(x, width) / <f32>width, means = f32x4.splat(mean);
    const variance = sumOfSquares(x, width, mean) / <f32>width;
    const inverse: f32 = 1 / sqrt<f32>(variance + epsilon), inverses = f32x4.splat(inverse);
    store<f32>(inverseSpread, inverse);
    for (let o: usize = 0; o < whole; o += 16) {
      const n = f32x4.mul(f32x4.sub(v128.load(x + o), means), inverses);
      v128.store(normalized + o, n);
      const result = f32x4.add(f32x4.mul(n, v128.load(gain + o)), v128.load(bias + o));
      v128.store(y + o, result);
      magnitudes = raised(magnitudes, result);
    }
    if (rest) {
      const n = f32x4.mul(f32x4.sub(loadPart(x + whole, rest), means), inverses);
      storePart(normalized + whole, n, rest);
      const product = f32x4.mul(n, loadPart(gain + whole, rest));
      const result = f32x4.add(product, loadPart(bias + whole, rest));
      storePart(y + whole, result, rest);
      magnitudes = raised(magnitudes, keepPart(result, rest));
    }
    x += bytes;
    y += bytes;
    normalized += bytes;
    inverseSpread += 4;
  }
  return largestMagnitudeOfLanes(magnitudes);
}

/**
 * Sixteen partial sums, one per residue of the index modulo 16 as far as whole groups of sixteen go; what is left
 * joins the first four. Then (0 + 4) + (8 + 12) and so on in each lane, and the lanes as in `sumOfLanes`.
 */
@inline
function sumOfRow(x: usize, width: i32): f32 {
  const groups = x + (<usize>(width & ~15) << 2), whole = x + (<usize>(width & ~3) << 2);
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  while (x < groups) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
    x += 64;
  }
  while (x < whole) {
    s0 = f32x4.add(s0, v128.load(x));
    x += 16;
  }
  if (width & 3) s0 = f32x4.add(s0, loadPart(x, width & 3));
  return sumOfLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** Σ (x − mean)², in the order of `sumOfRow`. */
@inline
export function sumOfSquares(x: usize, width: i32, mean: f32): f32 {
  const groups = x + (<usize>(width & ~15) << 2), whole = x + (<usize>(width & ~3) << 2);
  const means = f32x4.splat(mean);
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  while (x < groups) {
    const d0 = f32x4.sub(v128.load(x), means), d1 = f32x4.sub(v128.load(x, 16), means);
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
    s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    const d2 = f32x4.sub(v128.load(x, 32), means), d3 = f32x4.sub(v128.load(x, 48), means);
    s2 = f32x4.add(s2, f32x4.mul(d2, d2));
    s3 = f32x4.add(s3, f32x4.mul(d3, d3));
    x += 64;
  }
  while (x < whole) {
    const d = f32x4.sub(v128.load(x), means);
    s0 = f32x4.add(s0, f32x4.mul(d, d));
    x += 16;
  }
  if (width & 3) {
    const d = keepPart(f32x4.sub(loadPart(x, width & 3), means), width & 3);
    s0 = f32x4.add(s0, f32x4.mul(d, d));
  }
  return sumOfLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** Rows whose contributions to a parameter gradient are added up before they join the total. */
export const rowBlock: i32 = 32;

/**
 * With g = gain·yGradient: xGradient = (g − mean g − x̂·mean(g·x̂))/σ for each row, added to what is there when
 * `accumulate`. gainGradient = parameterScale·Σ yGradient·x̂ and biasGradient = parameterScale·Σ yGradient over the
 * rows, summed in blocks of 32 rows. xGradient may be yGradient.
 */
export function layerNormBackward(
  normalized: usize, inverseSpread: usize, gain: usize, yGradient: usize, xGradient: usize,
  gainGradient: usize, biasGradient: usize, rows: i32, width: i32, parameterScale: f32, accumulate: i32,
): void {
  const bytes = <usize>width << 2;
  memory.fill(gainGradient, 0, bytes);
  memory.fill(biasGradient, 0, bytes);
  for (let row = 0; row < rows; row += rowBlock) {
    const count = min(rowBlock, rows - row);
    addColumnSums(normalized, yGradient, gainGradient, biasGradient, count, width);
    for (let r = 0; r < count; r++) {
      rowBackward(normalized, load<f32>(inverseSpread), gain, yGradient, xGradient, width, accumulate);
      normalized += bytes;
      yGradient += bytes;
      xGradient += bytes;
      inverseSpread += 4;
    }
  }
  scale(gainGradient, parameterScale, gainGradient, width);
  scale(biasGradient, parameterScale, biasGradient, width);
}

/** gainGradient += Σ yGradient·x̂ and biasGradient += Σ yGradient over a block of rows. */
function addColumnSums(
  normalized: usize, yGradient: usize, gainGradient: usize, biasGradient: usize, rows: i32, width: i32,
): void {
  const bytes = <usize>width << 2, end = <usize>rows * bytes;
  let column = 0;
  for (; column + 16 <= width; column += 16) {
    const o = <usize>column << 2;
    let g0 = f32x4.splat(0), g1 = g0, g2 = g0, g3 = g0;
    let b0 = g0, b1 = g0, b2 = g0, b3 = g0;
    for (let at = o; at < end; at += bytes) {
      const d0 = v128.load(yGradient + at), d1 = v128.load(yGradient + at, 16);
      g0 = f32x4.add(g0, f32x4.mul(d0, v128.load(normalized + at)));
      b0 = f32x4.add(b0, d0);
      g1 = f32x4.add(g1, f32x4.mul(d1, v128.load(normalized + at, 16)));
      b1 = f32x4.add(b1, d1);
      const d2 = v128.load(yGradient + at, 32), d3 = v128.load(yGradient + at, 48);
      g2 = f32x4.add(g2, f32x4.mul(d2, v128.load(normalized + at, 32)));
      b2 = f32x4.add(b2, d2);
      g3 = f32x4.add(g3, f32x4.mul(d3, v128.load(normalized + at, 48)));
      b3 = f32x4.add(b3, d3);
    }
    addTo(gainGradient + o, g0, g1, g2, g3);
    addTo(biasGradient + o, b0, b1, b2, b3);
  }
  for (; column < width; column += 4) {
    const o = <usize>column << 2;
    const lanes = min(4, width - column);
    let gains = f32x4.splat(0), biases = f32x4.splat(0);
    for (let at = o; at < end; at += bytes) {
      const g = loadUpToFour(yGradient + at, lanes);
      gains = f32x4.add(gains, f32x4.mul(g, loadUpToFour(normalized + at, lanes)));
      biases = f32x4.add(biases, g);
    }
    storeUpToFour(gainGradient + o, f32x4.add(loadUpToFour(gainGradient + o, lanes), gains), lanes);
    storeUpToFour(biasGradient + o, f32x4.add(loadUpToFour(biasGradient + o, lanes), biases), lanes);
  }
}

@inline
export function addTo(total: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  v128.store(total, f32x4.add(v128.load(total), s0));
  v128.store(total, f32x4.add(v128.load(total, 16), s1), 16);
  v128.store(total, f32x4.add(v128.load(total, 32), s2), 32);
  v128.store(total, f32x4.add(v128.load(total, 48), s3), 48);
}

/** Sums in eight partial sums, one per residue of the index modulo 8, in the manner of `sumOfRow`. */
function rowBackward(
  normalized: usize, inverse: f32, gain: usize, yGradient: usize, xGradient: usize, width: i32, accumulate: i32,
): void {
  const pairs = <usize>(width & ~7) << 2, whole = <usize>(width & ~3) << 2, rest = width & 3;
  let s0 = f32x4.splat(0), s1 = s0, p0 = s0, p1 = s0;
  let o: usize = 0;
  while (o < pairs) {
    const g0 = f32x4.mul(v128.load(gain + o), v128.load(yGradient + o));
    const g1 = f32x4.mul(v128.load(gain + o, 16), v128.load(yGradient + o, 16));
    s0 = f32x4.add(s0, g0);
    s1 = f32x4.add(s1, g1);
    p0 = f32x4.add(p0, f32x4.mul(g0, v128.load(normalized + o)));
    p1 = f32x4.add(p1, f32x4.mul(g1, v128.load(normalized + o, 16)));
    o += 32;
  }
  if (o < whole) {
    const g = f32x4.mul(v128.load(gain + o), v128.load(yGradient + o));
    s0 = f32x4.add(s0, g);
    p0 = f32x4.add(p0, f32x4.mul(g, v128.load(normalized + o)));
  }
  if (rest) {
    const g = f32x4.mul(loadPart(gain + whole, rest), loadPart(yGradient + whole, rest));
    s0 = f32x4.add(s0, g);
    p0 = f32x4.add(p0, f32x4.mul(g, loadPart(normalized + whole, rest)));
  }
  const means = f32x4.splat(sumOfLanes(f32x4.add(s0, s1)) / <f32>width);
  const slopes = f32x4.splat(sumOfLanes(f32x4.add(p0, p1)) / <f32>width);
  const inverses = f32x4.splat(inverse);
  for (o = 0; o < whole; o += 16) {
    const g = f32x4.mul(v128.load(gain + o), v128.load(yGradient + o));
    const centred = f32x4.sub(f32x4.sub(g, means), f32x4.mul(v128.load(normalized + o), slopes));
    const result = f32x4.mul(centred, inverses);
    v128.store(xGradient + o, accumulate ? f32x4.add(v128.load(xGradient + o), result) : result);
  }
  if (rest) {
    const g = f32x4.mul(loadPart(gain + o, rest), loadPart(yGradient + o, rest));
    const centred = f32x4.sub(f32x4.sub(g, means), f32x4.mul(loadPart(normalized + o, rest), slopes));
    const result = f32x4.mul(centred, inverses);
    storePart(xGradient + o, accumulate ? f32x4.add(loadPart(xGradient + o, rest), result) : result, rest);
  }
}
