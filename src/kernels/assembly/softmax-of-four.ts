// Softmax of four rows of a causal block at once, and its gradient. Rows that are cut at the diagonal within the same
// vector share their loops and the constants of the exponential, and take each step of it before the next, because in
// one long chain most operations wait. The bits are those of the functions for one row.
//
// Four rows lie `pitch` bytes from one to the next, each in `vectors` vectors, of which row i keeps i + 1 lanes of the
// last one; `statistics` holds the largest logit of each and the reciprocal of the sum of its exponentials.
import {exponential, keepPart, largestOfLanes, sumOfLanes} from "./vector-math";

/** Vectors of each row that take a step before any takes the next. */
const partVectors: i32 = 32;
/** The powers of two of a part, vector by vector, and the sums of each row so far. */
const powers = memory.data(2048, 64), sums = memory.data(64, 64);

/** Logits become probabilities, or their square roots, with zeros where rows are cut; statistics are written. */
export function softmaxOfFour(p: usize, pitch: usize, vectors: i32, statistics: usize, squareRoot: i32): void {
  const bytes = <usize>vectors << 4, last = p + bytes - 16;
  hideCut(last, pitch);
  largestOfFour(p, pitch, bytes, statistics);
  clearSums();
  exponentials(p, 0, pitch, vectors, statistics, false, squareRoot);
  for (let row: usize = 0; row < 4; row++) {
    store<f32>(statistics + (row << 3), <f32>1 / sumOfLanes(v128.load(sums + (row << 4))), 4);
  }
  scaleFour(p, pitch, bytes, statistics, squareRoot);
  clearCut(last, pitch);
}

/**
 * Logits become probabilities again, and the gradients g of probabilities those of logits, p∘(g − Σ p∘g), or
 * ½·p∘(g − p·Σ p∘g) for square roots, both with zeros where rows are cut.
 */
export function softmaxGradientOfFour(
  p: usize, gradient: usize, pitch: usize, vectors: i32, statistics: usize, squareRoot: i32,
): void {
  const bytes = <usize>vectors << 4, last = p + bytes - 16, lastGradient = gradient + bytes - 16;
  hideCut(last, pitch);
  clearCut(lastGradient, pitch);
  clearSums();
  exponentials(p, gradient, pitch, vectors, statistics, true, squareRoot);
  gradientOfFour(p, gradient, pitch, bytes, squareRoot);
  clearCut(last, pitch);
  clearCut(lastGradient, pitch);
}

/** Lanes beyond the diagonal become −Infinity, which no maximum sees and whose exponential is 0. */
@inline
function hideCut(last: usize, pitch: usize): void {
  const hidden = f32x4.splat(-Infinity), lanes = i32x4(0, 1, 2, 3);
  for (let row = 0; row < 3; row++, last += pitch) {
    v128.store(last, v128.bitselect(v128.load(last), hidden, i32x4.ge_s(i32x4.splat(row), lanes)));
  }
}

@inline
function clearCut(last: usize, pitch: usize): void {
  for (let row = 0; row < 3; row++, last += pitch) v128.store(last, keepPart(v128.load(last), row + 1));
}

@inline
function clearSums(): void {
  for (let row: usize = 0; row < 4; row++) v128.store(sums + (row << 4), f32x4.splat(0));
}

function largestOfFour(p: usize, pitch: usize, bytes: usize, statistics: usize): void {
  const p1 = p + pitch, p2 = p1 + pitch, p3 = p2 + pitch;
  let x0 = f32x4.splat(-Infinity), x1 = x0, x2 = x0, x3 = x0;
  for (let o: usize = 0; o < bytes; o += 16) {
    x0 = f32x4.pmax(x0, v128.load(p + o));
    x1 = f32x4.pmax(x1, v128.load(p1 + o));
    x2 = f32x4.pmax(x2, v128.load(p2 + o));
    x3 = f32x4.pmax(x3, v128.load(p3 + o));
  }
  store<f32>(statistics, largestOfLanes(x0));
  store<f32>(statistics, largestOfLanes(x1), 8);
  store<f32>(statistics, largestOfLanes(x2), 16);
  store<f32>(statistics, largestOfLanes(x3), 24);
}

/**
 * p = e^(p − largest) and their sums; or, if `isAgain`, p = e^(p − largest)·inverse, or its square root, and the sums of
 * p∘gradient.
 */
@inline
function exponentials(
  p: usize, gradient: usize, pitch: usize, vectors: i32, statistics: usize, isAgain: bool, squareRoot: i32,
): void {
  for (let left = vectors; left > 0; left -= partVectors) {
    const bytes = <usize>min(left, partVectors) << 4;
    reduceArguments(p, pitch, bytes, statistics);
    if (isAgain) finishAgain(p, gradient, pitch, bytes, statistics, squareRoot);
    else finish(p, pitch, bytes);
    p += bytes;
    gradient += bytes;
  }
}

/** p − largest = n·ln 2 + r, as in `expOfSum`: r takes the place of p, and `powers` holds 2ⁿ. */
function reduceArguments(p: usize, pitch: usize, bytes: usize, statistics: usize): void {
  const p1 = p + pitch, p2 = p1 + pitch, p3 = p2 + pitch;
  const x0 = v128.load32_splat(statistics), x1 = v128.load32_splat(statistics, 8);
  const x2 = v128.load32_splat(statistics, 16), x3 = v128.load32_splat(statistics, 24);
  const bound = exponential(10), log2e = exponential(0), rounding = exponential(1);
  const ln2 = exponential(2), ln2Rest = exponential(3), one = exponential(9), zero = i32x4.splat(0);
  for (let o: usize = 0, power: usize = powers; o < bytes; o += 16, power += 64) {
    reduceArgument(p + o, x0, power, bound, log2e, rounding, ln2, ln2Rest, one, zero);
    reduceArgument(p1 + o, x1, power + 16, bound, log2e, rounding, ln2, ln2Rest, one, zero);
    reduceArgument(p2 + o, x2, power + 32, bound, log2e, rounding, ln2, ln2Rest, one, zero);
    reduceArgument(p3 + o, x3, power + 48, bound, log2e, rounding, ln2, ln2Rest, one, zero);
  }
}

@inline
function reduceArgument(
  p: usize, largest: v128, power: usize,
  bound: v128, log2e: v128, rounding: v128, ln2: v128, ln2Rest: v128, one: v128, zero: v128,
): void {
  const x = f32x4.pmax(f32x4.sub(v128.load(p), largest), bound);
  const shifted = f32x4.add(f32x4.mul(x, log2e), rounding);
  const n = f32x4.sub(shifted, rounding);
  v128.store(p, f32x4.add(f32x4.sub(x, f32x4.mul(n, ln2)), f32x4.mul(n, ln2Rest)));
  v128.store(power, i32x4.max_s(i32x4.add(i32x4.shl(shifted, 23), one), zero));
}

/** p = eʳ·2ⁿ, and their sums. */
function finish(p: usize, pitch: usize, bytes: usize): void {
  const p1 = p + pitch, p2 = p1 + pitch, p3 = p2 + pitch;
  const q0 = exponential(4), q1 = exponential(5), q2 = exponential(6), q3 = exponential(7), q4 = exponential(8);
  const one = exponential(9);
  let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
  for (let o: usize = 0, power: usize = powers; o < bytes; o += 16, power += 64) {
    const e0 = exponentialOf(p + o, power, q0, q1, q2, q3, q4, one);
    v128.store(p + o, e0);
    s0 = f32x4.add(s0, e0);
    const e1 = exponentialOf(p1 + o, power + 16, q0, q1, q2, q3, q4, one);
    v128.store(p1 + o, e1);
    s1 = f32x4.add(s1, e1);
    const e2 = exponentialOf(p2 + o, power + 32, q0, q1, q2, q3, q4, one);
    v128.store(p2 + o, e2);
    s2 = f32x4.add(s2, e2);
    const e3 = exponentialOf(p3 + o, power + 48, q0, q1, q2, q3, q4, one);
    v128.store(p3 + o, e3);
    s3 = f32x4.add(s3, e3);
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}

/** p = eʳ·2ⁿ·inverse, or its square root, and the sums of p∘gradient. */
function finishAgain(
  p: usize, gradient: usize, pitch: usize, bytes: usize, statistics: usize, squareRoot: i32,
): void {
  const p1 = p + pitch, p2 = p1 + pitch, p3 = p2 + pitch;
  const g1 = gradient + pitch, g2 = g1 + pitch, g3 = g2 + pitch;
  const q0 = exponential(4), q1 = exponential(5), q2 = exponential(6), q3 = exponential(7), q4 = exponential(8);
  const one = exponential(9);
  let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
  for (let o: usize = 0, power: usize = powers; o < bytes; o += 16, power += 64) {
    const e0 = weightOf(p + o, power, statistics, squareRoot, q0, q1, q2, q3, q4, one);
    s0 = f32x4.add(s0, f32x4.mul(e0, v128.load(gradient + o)));
    const e1 = weightOf(p1 + o, power + 16, statistics + 8, squareRoot, q0, q1, q2, q3, q4, one);
    s1 = f32x4.add(s1, f32x4.mul(e1, v128.load(g1 + o)));
    const e2 = weightOf(p2 + o, power + 32, statistics + 16, squareRoot, q0, q1, q2, q3, q4, one);
    s2 = f32x4.add(s2, f32x4.mul(e2, v128.load(g2 + o)));
    const e3 = weightOf(p3 + o, power + 48, statistics + 24, squareRoot, q0, q1, q2, q3, q4, one);
    s3 = f32x4.add(s3, f32x4.mul(e3, v128.load(g3 + o)));
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}

@inline
function weightOf(
  p: usize, power: usize, statistics: usize, squareRoot: i32,
  q0: v128, q1: v128, q2: v128, q3: v128, q4: v128, one: v128,
): v128 {
  let weight = f32x4.mul(exponentialOf(p, power, q0, q1, q2, q3, q4, one), v128.load32_splat(statistics, 4));
  if (squareRoot) weight = f32x4.sqrt(weight);
  v128.store(p, weight);
  return weight;
}

@inline
function exponentialOf(
  remainder: usize, power: usize, q0: v128, q1: v128, q2: v128, q3: v128, q4: v128, one: v128,
): v128 {
  const r = v128.load(remainder), r2 = f32x4.mul(r, r);
  const q01 = f32x4.add(f32x4.mul(r, q1), q0), q23 = f32x4.add(f32x4.mul(r, q3), q2);
  const q = f32x4.add(q01, f32x4.mul(r2, f32x4.add(q23, f32x4.mul(r2, q4))));
  return f32x4.mul(f32x4.add(f32x4.add(f32x4.mul(q, r2), r), one), v128.load(power));
}

function scaleFour(p: usize, pitch: usize, bytes: usize, statistics: usize, squareRoot: i32): void {
  const p1 = p + pitch, p2 = p1 + pitch, p3 = p2 + pitch;
  const x0 = v128.load32_splat(statistics, 4), x1 = v128.load32_splat(statistics, 12);
  const x2 = v128.load32_splat(statistics, 20), x3 = v128.load32_splat(statistics, 28);
  for (let o: usize = 0; o < bytes; o += 16) {
    scaleVector(p + o, x0, squareRoot);
    scaleVector(p1 + o, x1, squareRoot);
    scaleVector(p2 + o, x2, squareRoot);
    scaleVector(p3 + o, x3, squareRoot);
  }
}

@inline
function scaleVector(p: usize, inverse: v128, squareRoot: i32): void {
  const probability = f32x4.mul(v128.load(p), inverse);
  v128.store(p, squareRoot ? f32x4.sqrt(probability) : probability);
}

function gradientOfFour(p: usize, gradient: usize, pitch: usize, bytes: usize, squareRoot: i32): void {
  const p1 = p + pitch, p2 = p1 + pitch, p3 = p2 + pitch;
  const g1 = gradient + pitch, g2 = g1 + pitch, g3 = g2 + pitch;
  const s0 = f32x4.splat(sumOfLanes(v128.load(sums))), s1 = f32x4.splat(sumOfLanes(v128.load(sums, 16)));
  const s2 = f32x4.splat(sumOfLanes(v128.load(sums, 32))), s3 = f32x4.splat(sumOfLanes(v128.load(sums, 48)));
  for (let o: usize = 0; o < bytes; o += 16) {
    gradientOfVector(p + o, gradient + o, s0, squareRoot);
    gradientOfVector(p1 + o, g1 + o, s1, squareRoot);
    gradientOfVector(p2 + o, g2 + o, s2, squareRoot);
    gradientOfVector(p3 + o, g3 + o, s3, squareRoot);
  }
}

@inline
function gradientOfVector(p: usize, gradient: usize, sum: v128, squareRoot: i32): void {
  const x = v128.load(p), g = v128.load(gradient);
  const result = squareRoot
    ? f32x4.mul(f32x4.mul(f32x4.splat(0.5), x), f32x4.sub(g, f32x4.mul(x, sum)))
    : f32x4.mul(x, f32x4.sub(g, sum));
  v128.store(gradient, result);
}
