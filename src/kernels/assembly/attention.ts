// Causal self-attention: softmax(logitScale·q·kᵀ)·v over the visible keys, forward and backward.
// Only tiles that touch the lower triangle are computed, and sums run only over keys (or queries) that count.
import {fromDiagonal, lowerTriangle, multiplyRegion, untilDiagonal} from "./products";
import {softmaxRow} from "./softmax";
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
        softmaxRow(line, line, row + 1);
        memory.fill(line + (<usize>(row + 1) << 2), 0, <usize>(context - row - 1) << 2);
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
        softmaxRowBackward(p + line, scratch + line, row + 1);
        memory.fill(scratch + line + (<usize>(row + 1) << 2), 0, <usize>(context - row - 1) << 2);
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

/** gradient ← p∘(gradient − Σ p∘gradient). The sum runs in four lanes; a last partial vector is filled with zeros. */
function softmaxRowBackward(p: usize, gradient: usize, count: i32): void {
  const bytes = <usize>count << 2, whole = <usize>(count & ~3) << 2;
  let sums = f32x4.splat(0);
  for (let o: usize = 0; o < whole; o += 16) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(p + o), v128.load(gradient + o)));
  }
  if (whole < bytes) {
    sums = f32x4.add(sums, f32x4.mul(loadPart(p + whole, count & 3), loadPart(gradient + whole, count & 3)));
  }
  const sum = sumOfLanes(sums), sum4 = f32x4.splat(sum);
  for (let o: usize = 0; o < whole; o += 16) {
    v128.store(gradient + o, f32x4.mul(v128.load(p + o), f32x4.sub(v128.load(gradient + o), sum4)));
  }
  for (let o = whole; o < bytes; o += 4) {
    store<f32>(gradient + o, load<f32>(p + o) * (load<f32>(gradient + o) - sum));
  }
}
