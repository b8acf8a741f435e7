/** The sizes that decide a model and the buffers of its training step. */
export interface ModelShape {
  readonly layers: number;
  /** Residual width; a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly context: number;
  readonly batch: number;
  readonly vocabulary: number;
}

/** Hidden width of the feed-forward layer, as a multiple of the residual width. */
export const feedForwardRatio = 4;

/** Number of trained values. */
export function countParameters({layers, width, context, vocabulary}: ModelShape): number {
  const embeddings = (2 * vocabulary + context) * width;
  const matrices = (4 + 2 * feedForwardRatio) * width * width;
  const norms = 2 * (2 * layers + 1) * width;
  return embeddings + layers * matrices + norms;
}
