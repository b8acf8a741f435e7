import {sumInFourLanes} from "./lanes.js";

const {fround} = Math;

export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly context: number;
  readonly headSize: number;
}

export interface AttentionKind {
  /** Multiplies q·kᵀ. */
  readonly logitScale: number;
  /** Multiplies P·v. */
  readonly outputScale: number;
  /** Whether the weights are the square roots of probabilities. */
  readonly squareRoot?: boolean;
  /** (context, heads·headSize): vectors for the distances from context − 1 down to 0. */
  readonly relative?: Float32Array;
}

/**
 * P = softmax(logitScale·(q·kᵀ + q·r)) over the keys up to each query, or its square root, zero above the diagonal, in
 * double precision. qkv is (batch, context, 3·heads·headSize) with q, k and v side by side; P is (batch, heads, context,
 * context).
 */
export function attentionProbabilities(
  qkv: Float32Array,
  shape: AttentionShape,
  {logitScale, squareRoot, relative}: AttentionKind,
): Float64Array {
  const {context, headSize} = shape;
  const probabilities = new Float64Array(shape.batch * shape.heads * context * context);
  forEachHead(shape, ({q, k, p, r}) => {
    for (let i = 0; i < context; i++) {
      const logits = Array.from({length: i + 1}, (_, j) => {
        let sum = 0;
        for (let d = 0; d < headSize; d++) {
          sum += qkv[q(i, d)] * (qkv[k(j, d)] + (relative ? relative[r(i - j, d)] : 0));
        }
        return logitScale * sum;
      });
      const largest = Math.max(...logits);
      const exponentials = logits.map((logit) => Math.exp(logit - largest));
      const total = exponentials.reduce((sum, e) => sum + e, 0);
      exponentials.forEach((e, j) => {
        probabilities[p(i, j)] = squareRoot ? Math.sqrt(e / total) : e / total;
      });
    }
  });
  return probabilities;
}

/** out = outputScale·P·v, (batch, context, heads·headSize), summed over the keys in order and in float32. */
export function attentionOutput(
  qkv: Float32Array,
  probabilities: Float32Array,
  out: Float32Array,
  shape: AttentionShape,
  {outputScale}: AttentionKind,
): void {
  const {context, headSize} = shape;
  forEachHead(shape, ({v, p, y}) => {
    for (let i = 0; i < context; i++) {
      for (let d = 0; d < headSize; d++) {
        let sum = 0;
        for (let j = 0; j <= i; j++) sum = fround(sum + fround(probabilities[p(i, j)] * qkv[v(j, d)]));
        out[y(i, d)] = fround(outputScale) * sum;
      }
    }
  });
}

/**
 * dP = outputScale·dO·vᵀ, dS = P∘(dP − Σ P∘dP), or ½·P∘(dP − P·Σ P∘dP) for square roots, dq = logitScale·(dS·k + dS·r),
 * dk = logitScale·dSᵀ·q, dv = outputScale·Pᵀ·dO, and dr = logitScale·dSᵀ·q for each distance, everything in float32 and
 * summed in order, the sum over a row of P∘dP in four lanes.
 */
export function attentionBackward(
  qkv: Float32Array,
  probabilities: Float32Array,
  outGradient: Float32Array,
  qkvGradient: Float32Array,
  shape: AttentionShape,
  kind: AttentionKind,
  relativeGradient?: Float32Array,
): void {
  const {context, headSize} = shape;
  const {relative, squareRoot} = kind;
  const logitScale = fround(kind.logitScale);
  const outputScale = fround(kind.outputScale);
  relativeGradient?.fill(0);
  forEachHead(shape, ({q, k, v, p, y, r}) => {
    const ds = Array.from({length: context}, (_, i) => {
      const dp = Array.from({length: i + 1}, (_, j) => {
        let sum = 0;
        for (let d = 0; d < headSize; d++) sum = fround(sum + fround(outGradient[y(i, d)] * qkv[v(j, d)]));
        return fround(outputScale * sum);
      });
      const mean = sumInFourLanes(dp.map((value, j) => fround(value * probabilities[p(i, j)])));
      return dp.map((value, j) => {
        const weight = probabilities[p(i, j)];
        return squareRoot
          ? fround(fround(0.5 * weight) * fround(value - fround(weight * mean)))
          : fround(weight * fround(value - mean));
      });
    });
    for (let i = 0; i < context; i++) {
      for (let d = 0; d < headSize; d++) {
        let dq = 0;
        for (let j = 0; j <= i; j++) dq = fround(dq + fround(ds[i][j] * qkv[k(j, d)]));
        if (relative) {
          for (let j = 0; j <= i; j++) dq = fround(dq + fround(ds[i][j] * relative[r(i - j, d)]));
        }
        let dk = 0;
        for (let j = i; j < context; j++) dk = fround(dk + fround(ds[j][i] * qkv[q(j, d)]));
        let dv = 0;
        for (let j = i; j < context; j++) {
          dv = fround(dv + fround(probabilities[p(j, i)] * outGradient[y(j, d)]));
        }
        qkvGradient[q(i, d)] = logitScale * dq;
        qkvGradient[k(i, d)] = logitScale * dk;
        qkvGradient[v(i, d)] = outputScale * dv;
        if (relativeGradient) {
          for (let j = 0; j <= i; j++) {
            const at = r(i - j, d);
            relativeGradient[at] = fround(relativeGradient[at] + fround(ds[i][j] * qkv[q(i, d)]));
          }
        }
      }
    }
  });
  relativeGradient?.forEach((sum, i) => {
    relativeGradient[i] = logitScale * sum;
  });
}

/** Where the elements of one head lie: q, k, v (position, dimension), p (query, key), y (position, dimension), r (distance, dimension). */
type HeadIndices = Record<"q" | "k" | "v" | "p" | "y" | "r", (row: number, column: number) => number>;

function forEachHead(shape: AttentionShape, run: (indices: HeadIndices) => void): void {
  const {batch, heads, context, headSize} = shape;
  const width = heads * headSize;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const part = (index: number) => (row: number, column: number) =>
        (b * context + row) * 3 * width + index * width + h * headSize + column;
      run({
        q: part(0),
        k: part(1),
        v: part(2),
        p: (row, column) => ((b * heads + h) * context + row) * context + column,
        y: (row, column) => (b * context + row) * width + h * headSize + column,
        r: (distance, column) => (context - 1 - distance) * width + h * headSize + column,
      });
    }
  }
}
