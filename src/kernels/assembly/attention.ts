// Causal self-attention: softmax(logitScale·q·kᵀ)·v over the visible keys, forward and backward.
// Only tiles that touch the lower triangle are computed, and sums run only over keys (or queries) that count.
import {fromDiagonal, lowerTriangle, multiplyRegion, tileRows, untilDiagonal} from "./products";
import {exponentials, largestOfRow, scaleRow} from "./softmax";
import {loadPart, sumOfLanes} from "./vector-math";

/**
 * out = outputScale·P·v with P = softmax(logitScale·q·kᵀ), masked causally.
 * qkv is (batch, context, 3·heads·headSize) with q, k and v side by side; out is (batch, context, heads·headSize);
 * probabilities is (batch, heads, context, context), with zeros above the diagonal.
 */
export function attentionForward(
  qkv: usize, out: usize, probabilities: usize,
  batch: i32, heads: i32, context: i32, headSize: i32, logitScale: f32, outputScale: f32,
): void {
  const width = heads * headSize, qkvWidth = 3 * width;
  const matrixBytes = <usize>(context * context) << 2;
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let head = 0; head < heads; head++) {
      const q = qkv + (<usize>(sequence * context * qkvWidth + head * headSize) << 2);
      const k = q + (<usize>width << 2);
      const v = k + (<usize>width << 2);
      const y = out + (<usize>(sequence * context * width + head * headSize) << 2);
      const p = probabilities + <usize>(sequence * heads + head) * matrixBytes;
      multiplyRegion(
        0, 1, context, context, headSize, q, qkvWidth, k, qkvWidth, p, context, logitScale, 0, lowerTriangle,
      );
      for (let row = 0; row < context; row++) {
        const line = p + (<usize>(row * context) << 2);
        const sum = exponentials(line, line, row + 1, context, largestOfRow(line, row + 1));
        scaleRow(line, row + 1, 1 / sum);
        clear(line, row + 1, context);
      }
      multiplyRegion(
        0, 0, context, headSize, context, p, context, v, qkvWidth, y, width, outputScale, 0, untilDiagonal,
      );
    }
  }
}

/**
 * Gradients of q, k and v from the gradient of out; writes qkvGradient completely.
 * dP = outputScale·dO·vᵀ, dS = P∘(dP − Σ P∘dP), dq = logitScale·dS·k, dk = logitScale·dSᵀ·q, dv = outputScale·Pᵀ·dO.
 * scratch holds context·context floats.
 */
export function attentionBackward(
  qkv: usize, probabilities: usize, outGradient: usize, qkvGradient: usize, scratch: usize,
  batch: i32, heads: i32, context: i32, headSize: i32, logitScale: f32, outputScale: f32,
): void {
  const width = heads * headSize, qkvWidth = 3 * width;
  const matrixBytes = <usize>(context * context) << 2, partBytes = <usize>width << 2;
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let head = 0; head < heads; head++) {
      const offset = <usize>(sequence * context * qkvWidth + head * headSize) << 2;
      const q = qkv + offset, k = q + partBytes, v = k + partBytes;
      const dq = qkvGradient + offset, dk = dq + partBytes, dv = dk + partBytes;
      const dy = outGradient + (<usize>(sequence * context * width + head * headSize) << 2);
      const p = probabilities + <usize>(sequence * heads + head) * matrixBytes;
      multiplyRegion(
        0, 1, context, context, headSize, dy, width, v, qkvWidth, scratch, context, outputScale, 0, lowerTriangle,
      );
      for (let row = 0; row < context; row++) {
        const line = <usize>(row * context) << 2;
        softmaxBackward(p + line, scratch + line, row + 1);
        clear(scratch + line, row + 1, min(row + tileRows, context));
      }
      multiplyRegion(
        0, 0, context, headSize, context, scratch, context, k, qkvWidth, dq, qkvWidth, logitScale, 0, untilDiagonal,
      );
      multiplyRegion(
        1, 0, context, headSize, context, scratch, context, q, qkvWidth, dk, qkvWidth, logitScale, 0, fromDiagonal,
      );
      multiplyRegion(
        1, 0, context, headSize, context, p, context, dy, width, dv, qkvWidth, outputScale, 0, fromDiagonal,
      );
    }
  }
}

/** Elements from ≤ i < to of a row become zero. */
@inline
function clear(row: usize, from: i32, to: i32): void {
  const end = row + (<usize>to << 2);
  let at = row + (<usize>from << 2);
  while (at + 16 <= end) {
    v128.store(at, f32x4.splat(0));
    at += 16;
  }
  while (at < end) {
    store<f32>(at, 0);
    at += 4;
  }
}

/** gradient ← p∘(gradient − Σ p∘gradient). The sum runs in four lanes; a last partial vector is filled with zeros. */
@inline
function softmaxBackward(p: usize, gradient: usize, count: i32): void {
  const bytes = <usize>count << 2, whole = <usize>(count & ~3) << 2;
  let sums = f32x4.splat(0);
  let o: usize = 0;
  while (o < whole) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(p + o), v128.load(gradient + o)));
    o += 16;
  }
  if (o < bytes) sums = f32x4.add(sums, f32x4.mul(loadPart(p + o, count & 3), loadPart(gradient + o, count & 3)));
  const sum = sumOfLanes(sums), sum4 = f32x4.splat(sum);
  o = 0;
  while (o < whole) {
    v128.store(gradient + o, f32x4.mul(v128.load(p + o), f32x4.sub(v128.load(gradient + o), sum4)));
    o += 16;
  }
  while (o < bytes) {
    store<f32>(gradient + o, load<f32>(p + o) * (load<f32>(gradient + o) - sum));
    o += 4;
  }
}
