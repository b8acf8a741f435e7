import type {ActivationName} from "./ops/activation.js";

/** Where the two norms of a block stand: before its branches, at their ends, after the residual sums, or nowhere. */
export type NormPlacement = "pre" | "res-post" | "post" | "none";

/** The sizes and the parts that decide a model and the buffers of its training step. */
export interface ModelShape {
  readonly layers: number;
  /** Residual width; a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly context: number;
  readonly batch: number;
  readonly vocabulary: number;
  readonly activation: ActivationName;
  readonly normPlacement: NormPlacement;
}

/** Hidden width of the feed-forward layer, as a multiple of the residual width. */
export const feedForwardRatio = 4;

/** Norms in every block, and after the last one; after `post` nothing is left to normalize. */
export const normCounts: Readonly<Record<NormPlacement, {readonly block: 0 | 2; readonly final: 0 | 1}>> = {
  pre: {block: 2, final: 1},
  "res-post": {block: 2, final: 1},
  post: {block: 2, final: 0},
  none: {block: 0, final: 0},
};

/** Number of trained values. */
export function countParameters({layers, width, context, vocabulary, normPlacement}: ModelShape): number {
  const embeddings = (2 * vocabulary + context) * width;
  const matrices = (4 + 2 * feedForwardRatio) * width * width;
  const {block, final} = normCounts[normPlacement];
  return embeddings + layers * matrices + 2 * width * (layers * block + final);
}
