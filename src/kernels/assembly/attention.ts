// Causal self-attention, softmax(logitScale·q·kᵀ)·v over the visible keys, for a block of queries of one head: `rows`
// queries from position `first` on, and the keys before `end` = first + rows. Only such a block of the matrix of
// probabilities is ever held; the backward pass makes it anew, to the same bits, from what the forward pass keeps of
// each row (Dao and others 2022, arXiv 2205.14135, section 3.1). Blocks go in ascending order, and sums run over keys
// (or queries) in order, so that the sizes of the blocks do not matter.
//
// q, k and v point to the head's vectors of the sequence, and dq, dk and dv to their gradients, all `stride` elements
// from one position to the next; y and dy are the output and its gradient, `width` elements from one to the next.
// Blocks of probabilities and of gradients of logits have rows of `pitch` elements. If that is `context`, there are
// zeros above the diagonal; if it is more, only as far as the products read them, one element.
//
// Relative positions add logitScale·q·r(i − j) to a logit (Dai and others 2019, arXiv 1901.02860). r holds a vector of
// the head for each distance in descending order, from context − 1 to 0, `width` elements from one to the next; 0 stands
// for none. `shifted` is room for another block.
import {fill} from "./elementwise";
import {everything, fromDiagonal, lowerTriangle, multiplyRegion, untilDiagonal} from "./products";
import {exponentials, largestOfRow, scaleRow} from "./softmax";
import {softmaxGradientOfFour, softmaxOfFour} from "./softmax-of-four";
import {exp, loadPart, storePart, sumOfLanes} from "./vector-math";

/**
 * p = softmax(logitScale·(q·kᵀ + q·r)), or its square root, with zeros above the diagonal. `statistics` receives the
 * largest logit of each row and the reciprocal of the sum of its exponentials.
 */
export function attentionProbabilities(
  q: usize, k: usize, stride: i32, r: usize, width: i32, p: usize, shifted: usize, pitch: i32, statistics: usize,
  first: i32, rows: i32, context: i32, headSize: i32, logitScale: f32, squareRoot: i32,
): void {
  const end = first + rows, isComplete = pitch == context, rowBytes = <usize>pitch << 2;
  logits(q, k, stride, r, width, p, shifted, pitch, first, rows, context, headSize, logitScale);
  let row = first;
  for (; isFour(row, end, pitch); row += 4) {
    softmaxOfFour(p, rowBytes, (row >> 2) + 1, statistics, squareRoot);
    for (let i = 0; i < 4; i++, p += rowBytes) clearAfter(p, row + 4, end, isComplete);
    statistics += 32;
  }
  for (; row < end; row++) {
    const largest = largestOfRow(p, row + 1);
    const inverse = <f32>1 / exponentials(p, p, row + 1, pitch, largest);
    scaleRow(p, row + 1, inverse);
    if (squareRoot) rootOfRow(p, row + 1);
    clearAfter(p, row + 1, end, isComplete);
    store<f32>(statistics, largest);
    store<f32>(statistics, inverse, 4);
    statistics += 8;
    p += rowBytes;
  }
}

/** y = outputScale·p·v. */
export function attentionOutput(
  p: usize, pitch: i32, v: usize, stride: i32, y: usize, width: i32,
  first: i32, rows: i32, headSize: i32, outputScale: f32,
): void {
  multiplyRegion(
    0, 0, rows, headSize, first + rows, p, pitch, v, stride, rowOf(y, first, width), width, outputScale, 0,
    untilDiagonal, first,
  );
}

/**
 * The gradient of the logits before logitScale, and p anew unless it is given, with zeros above the diagonal: with
 * dp = outputScale·dy·vᵀ, ds = p∘(dp − Σ p∘dp), and ½·p∘(dp − p·Σ p∘dp) where p is the square root of a softmax.
 */
export function attentionLogitGradients(
  q: usize, k: usize, v: usize, stride: i32, r: usize, dy: usize, width: i32,
  p: usize, isGiven: i32, ds: usize, shifted: usize, pitch: i32, statistics: usize,
  first: i32, rows: i32, context: i32, headSize: i32, logitScale: f32, outputScale: f32, squareRoot: i32,
): void {
  const end = first + rows, isComplete = pitch == context, rowBytes = <usize>pitch << 2;
  if (!isGiven) logits(q, k, stride, r, width, p, shifted, pitch, first, rows, context, headSize, logitScale);
  multiplyRegion(
    0, 1, rows, end, headSize, rowOf(dy, first, width), width, v, stride, ds, pitch, outputScale, 0,
    lowerTriangle, first,
  );
  let row = first;
  for (; !isGiven && isFour(row, end, pitch); row += 4) {
    softmaxGradientOfFour(p, ds, rowBytes, (row >> 2) + 1, statistics, squareRoot);
    for (let i = 0; i < 4; i++) {
      clearAfter(p, row + 4, end, isComplete);
      clearAfter(ds, row + 4, end, isComplete);
      p += rowBytes;
      ds += rowBytes;
    }
    statistics += 32;
  }
  for (; row < end; row++) {
    const largest = load<f32>(statistics), inverse = load<f32>(statistics, 4);
    const sum = isGiven
      ? sumOfProducts(p, ds, row + 1)
      : probabilitiesAgain(p, ds, row + 1, largest, inverse, squareRoot);
    softmaxGradient(p, ds, row + 1, sum, squareRoot);
    clearAfter(p, row + 1, end, isComplete);
    clearAfter(ds, row + 1, end, isComplete);
    statistics += 8;
    p += rowBytes;
    ds += rowBytes;
  }
}

/**
 * dq = logitScale·(ds·k + ds·r), dk = logitScale·dsᵀ·q and dv = outputScale·pᵀ·dy; dk and dv are finished by the last
 * block. dr, where there is one, collects dsᵀ·q for each distance, over blocks and sequences, and is multiplied by
 * logitScale with the last block if `isLast`.
 */
export function attentionGradients(
  p: usize, ds: usize, shifted: usize, pitch: i32, q: usize, k: usize, stride: i32, r: usize, dy: usize, width: i32,
  dq: usize, dk: usize, dv: usize, dr: usize,
  first: i32, rows: i32, context: i32, headSize: i32, logitScale: f32, outputScale: f32, isLast: i32,
): void {
  const end = first + rows, isLastBlock = end == context;
  const queries = rowOf(q, first, stride), dqs = rowOf(dq, first, stride), dys = rowOf(dy, first, width);
  multiplyRegion(
    0, 0, rows, headSize, end, ds, pitch, k, stride, dqs, stride, r ? 1 : logitScale, 0, untilDiagonal, first,
  );
  if (r) {
    shiftRows(ds, shifted, pitch, first, rows);
    const near = <usize>(context - end) * (<usize>width << 2);
    multiplyRegion(
      0, 0, rows, headSize, end, shifted, pitch, r + near, width, dqs, stride, logitScale, 1, everything, 0,
    );
    multiplyRegion(
      1, 0, end, headSize, rows, shifted, pitch, queries, stride, dr + near, width,
      isLast && isLastBlock ? logitScale : 1, 1, everything, 0,
    );
  }
  addToKeys(ds, pitch, queries, stride, dk, stride, first, rows, headSize, isLastBlock ? logitScale : 1);
  addToKeys(p, pitch, dys, width, dv, stride, first, rows, headSize, isLastBlock ? outputScale : 1);
}

/** out = factor·(out + blockᵀ·x); keys of the block itself are met for the first time. */
function addToKeys(
  block: usize, pitch: i32, x: usize, xStride: i32, out: usize, outStride: i32,
  first: i32, rows: i32, headSize: i32, factor: f32,
): void {
  if (first > 0) {
    multiplyRegion(
      1, 0, first, headSize, rows, block, pitch, x, xStride, out, outStride, factor, 1, everything, 0,
    );
  }
  multiplyRegion(
    1, 0, rows, headSize, rows, block + (<usize>first << 2), pitch, x, xStride,
    rowOf(out, first, outStride), outStride, factor, 0, fromDiagonal, 0,
  );
}

/** p = logitScale·(q·kᵀ + q·r) up to the diagonal. */
function logits(
  q: usize, k: usize, stride: i32, r: usize, width: i32, p: usize, shifted: usize, pitch: i32,
  first: i32, rows: i32, context: i32, headSize: i32, logitScale: f32,
): void {
  const end = first + rows, queries = rowOf(q, first, stride);
  multiplyRegion(
    0, 1, rows, end, headSize, queries, stride, k, stride, p, pitch, logitScale, 0, lowerTriangle, first,
  );
  if (!r) return;
  multiplyRegion(
    0, 1, rows, end, headSize, queries, stride, r + <usize>(context - end) * (<usize>width << 2), width,
    shifted, pitch, logitScale, 0, everything, 0,
  );
  for (let row = first; row < end; row++) {
    addRow(shifted + (<usize>(end - 1 - row) << 2), p, row + 1);
    p += <usize>pitch << 2;
    shifted += <usize>pitch << 2;
  }
}

/** Key j of row i comes to column end − 1 − i + j, so that columns stand for distances; zeros go before. */
function shiftRows(ds: usize, shifted: usize, pitch: i32, first: i32, rows: i32): void {
  const end = first + rows;
  for (let row = first; row < end; row++) {
    fill(shifted, 0, end - 1 - row);
    memory.copy(shifted + (<usize>(end - 1 - row) << 2), ds, <usize>(row + 1) << 2);
    ds += <usize>pitch << 2;
    shifted += <usize>pitch << 2;
  }
}

/** Whether four rows from this one on end in the same vector, which lies within each of them. */
@inline
function isFour(row: i32, end: i32, pitch: i32): bool {
  return ((row | pitch) & 3) == 0 && row + 4 <= end;
}

/** Zeros from a column of a row on, or only one of them. */
@inline
function clearAfter(row: usize, column: i32, end: i32, isComplete: bool): void {
  if (isComplete) fill(row + (<usize>column << 2), 0, end - column);
  else if (column < end) store<f32>(row + (<usize>column << 2), 0);
}

@inline
function rowOf(x: usize, row: i32, stride: i32): usize {
  return x + <usize>row * (<usize>stride << 2);
}

/** sum ← sum + x. */
@inline
function addRow(x: usize, sum: usize, count: i32): void {
  const whole = sum + (<usize>(count & ~3) << 2), end = sum + (<usize>count << 2);
  while (sum < whole) {
    v128.store(sum, f32x4.add(v128.load(sum), v128.load(x)));
    sum += 16;
    x += 16;
  }
  while (sum < end) {
    store<f32>(sum, load<f32>(sum) + load<f32>(x));
    sum += 4;
    x += 4;
  }
}

@inline
function rootOfRow(p: usize, count: i32): void {
  const whole = p + (<usize>(count & ~3) << 2), end = p + (<usize>count << 2);
  while (p < whole) {
    v128.store(p, f32x4.sqrt(v128.load(p)));
    p += 16;
  }
  while (p < end) {
    store<f32>(p, sqrt<f32>(load<f32>(p)));
    p += 4;
  }
}

/** Logits become probabilities as on the forward pass. @returns Σ p∘gradient, in four lanes */
@inline
function probabilitiesAgain(
  p: usize, gradient: usize, count: i32, largest: f32, inverse: f32, squareRoot: i32,
): f32 {
  const shift = f32x4.splat(largest), factor = f32x4.splat(inverse);
  const whole = p + (<usize>(count & ~3) << 2), rest = count & 3;
  let sums = f32x4.splat(0);
  while (p < whole) {
    let probability = f32x4.mul(exp(f32x4.sub(v128.load(p), shift)), factor);
    if (squareRoot) probability = f32x4.sqrt(probability);
    v128.store(p, probability);
    sums = f32x4.add(sums, f32x4.mul(probability, v128.load(gradient)));
    p += 16;
    gradient += 16;
  }
  if (rest) {
    let probability = f32x4.mul(exp(f32x4.sub(loadPart(p, rest), shift)), factor);
    if (squareRoot) probability = f32x4.sqrt(probability);
    storePart(p, probability, rest);
    // Lanes beyond the row hold anything until they are read back as zeros.
    sums = f32x4.add(sums, f32x4.mul(loadPart(p, rest), loadPart(gradient, rest)));
  }
  return sumOfLanes(sums);
}

/** Σ a∘b, in four lanes. */
@inline
function sumOfProducts(a: usize, b: usize, count: i32): f32 {
  const whole = a + (<usize>(count & ~3) << 2), rest = count & 3;
  let sums = f32x4.splat(0);
  while (a < whole) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  if (rest) sums = f32x4.add(sums, f32x4.mul(loadPart(a, rest), loadPart(b, rest)));
  return sumOfLanes(sums);
}

/** gradient ← p∘(gradient − sum), or ½·p∘(gradient − p·sum). */
@inline
function softmaxGradient(p: usize, gradient: usize, count: i32, sum: f32, squareRoot: i32): void {
  const whole = p + (<usize>(count & ~3) << 2), end = p + (<usize>count << 2);
  const sums = f32x4.splat(sum), half = f32x4.splat(0.5);
  if (squareRoot) {
    while (p < whole) {
      const x = v128.load(p);
      const centred = f32x4.sub(v128.load(gradient), f32x4.mul(x, sums));
      v128.store(gradient, f32x4.mul(f32x4.mul(half, x), centred));
      p += 16;
      gradient += 16;
    }
    while (p < end) {
      const x = load<f32>(p);
      store<f32>(gradient, <f32>0.5 * x * (load<f32>(gradient) - x * sum));
      p += 4;
      gradient += 4;
    }
    return;
  }
  while (p < whole) {
    v128.store(gradient, f32x4.mul(v128.load(p), f32x4.sub(v128.load(gradient), sums)));
    p += 16;
    gradient += 16;
  }
  while (p < end) {
    store<f32>(gradient, load<f32>(p) * (load<f32>(gradient) - sum));
    p += 4;
    gradient += 4;
  }
}
