const {fround} = Math;

export interface EmbeddingShape {
  readonly batch: number;
  readonly context: number;
  readonly width: number;
}

/** out[b, t] = tokenWeight·table[tokens[b, t]] + positionWeight·positions[t]. */
export function embeddingForward(
  tokens: Int32Array,
  table: Float32Array,
  positions: Float32Array,
  out: Float32Array,
  {batch, context, width}: EmbeddingShape,
  {tokenWeight, positionWeight}: {tokenWeight: number; positionWeight: number},
): void {
  for (let row = 0; row < batch * context; row++) {
    for (let j = 0; j < width; j++) {
      const token = fround(fround(tokenWeight) * table[tokens[row] * width + j]);
      const position = fround(fround(positionWeight) * positions[(row % context) * width + j]);
      out[row * width + j] = token + position;
    }
  }
}

/** Gradients of both tables: sums of outGradient in the order of the batch, then scaled. Both are written completely. */
export function embeddingBackward(
  tokens: Int32Array,
  outGradient: Float32Array,
  tableGradient: Float32Array,
  positionGradient: Float32Array,
  {batch, context, width}: EmbeddingShape,
  {tokenScale, positionScale}: {tokenScale: number; positionScale: number},
): void {
  tableGradient.fill(0);
  positionGradient.fill(0);
  for (let row = 0; row < batch * context; row++) {
    for (let j = 0; j < width; j++) {
      const gradient = outGradient[row * width + j];
      tableGradient[tokens[row] * width + j] += gradient;
      positionGradient[(row % context) * width + j] += gradient;
    }
  }
  for (let i = 0; i < tableGradient.length; i++) tableGradient[i] *= fround(tokenScale);
  for (let i = 0; i < positionGradient.length; i++) positionGradient[i] *= fround(positionScale);
}
