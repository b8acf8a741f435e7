import type {ActivationName} from "./ops/activation.js";
import {sinusoidCount} from "./ops/sinusoids.js";

/** What mixes the positions of a sequence: causal attention, a causal convolution, or a recurrent highway cell. */
export type SequenceLayer = "attention" | "convolution" | "recurrent";

/** `layer` takes the mean away and has a bias; `rms` only divides by the root of the mean square. */
export type NormName = "layer" | "rms";

/** Where the two norms of a block stand: before its branches, at their ends, after the residual sums, or nowhere. */
export type NormPlacement = "pre" | "res-post" | "post" | "none";

/** How attention knows of positions: from a table added to the tokens', by distance, or by turning queries and keys. */
export type Positions = "learned" | "relative" | "rotary";

/** The parts a model is made of. */
export interface ModelParts {
  readonly sequenceLayer: SequenceLayer;
  /** Positions that a convolution sees: the present one and those before it. */
  readonly kernelSize: number;
  /** Groups of channels that a convolution keeps apart; a divisor of the width. */
  readonly groups: number;
  /** Of the feed-forward layer, and of the convolution, which takes SiLU in place of SwiGLU. */
  readonly activation: ActivationName;
  readonly norm: NormName;
  readonly normPlacement: NormPlacement;
  /** Whether the head has the token embedding for its weight. */
  readonly tiedHead: boolean;
  readonly attentionLogits: "default" | "inverse-root" | "inverse";
  readonly softmax: "plain" | "square-root";
  readonly queryKeyNorm: boolean;
  readonly positions: Positions;
}

/** The sizes and the parts that decide a model and the buffers of its training step. */
export interface ModelShape extends ModelParts {
  readonly layers: number;
  /** Residual width; under attention a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly context: number;
  readonly batch: number;
  readonly vocabulary: number;
}

/** The parts of GPT-2 as nanoGPT has them, but for its tied head; those of a convolution as in unit scaling's runs. */
export const gptParts: ModelParts = {
  sequenceLayer: "attention",
  kernelSize: 7,
  groups: 8,
  activation: "gelu",
  norm: "layer",
  normPlacement: "pre",
  tiedHead: false,
  attentionLogits: "default",
  softmax: "plain",
  queryKeyNorm: false,
  positions: "learned",
};

/** Norms in every block, and after the last one; after `post` nothing is left to normalize. */
export const normCounts: Readonly<Record<NormPlacement, {readonly block: 0 | 2; readonly final: 0 | 1}>> = {
  pre: {block: 2, final: 1},
  "res-post": {block: 2, final: 1},
  post: {block: 2, final: 0},
  none: {block: 0, final: 0},
};

/**
 * The feed-forward layer: columns of its first product, and values between its two layers. The hidden width is 4 times
 * the residual width; a gated layer has two thirds of it, to the next multiple of 8, since its first product is two
 * (Shazeer 2020, arXiv 2002.05202).
 */
export function feedForwardWidths({width, activation}: Pick<ModelShape, "width" | "activation">): {
  readonly up: number;
  readonly hidden: number;
} {
  const hidden = activation === "swiglu" ? 8 * Math.ceil(width / 3) : 4 * width;
  return {up: activation === "swiglu" ? 2 * hidden : hidden, hidden};
}

/** Number of trained values. */
export function countParameters(shape: ModelShape): number {
  const {layers, width, context, vocabulary, norm, normPlacement, tiedHead, positions} = shape;
  const positionRows = positions === "learned" ? context : 0;
  const tables = ((tiedHead ? 1 : 2) * vocabulary + positionRows) * width;
  const {up, hidden} = feedForwardWidths(shape);
  const block = sequenceParameters(shape) + (up + hidden) * width;
  const {block: normsInBlock, final} = normCounts[normPlacement];
  const normParameters = (norm === "layer" ? 2 : 1) * width;
  return tables + layers * block + (layers * normsInBlock + final) * normParameters;
}

function sequenceParameters(shape: ModelShape): number {
  const {sequenceLayer, width, heads, kernelSize, groups, positions, queryKeyNorm} = shape;
  switch (sequenceLayer) {
    case "attention": {
      const distances = positions === "relative" ? sinusoidCount * width : 0;
      const headNorms = queryKeyNorm ? (2 * width) / heads : 0;
      return 4 * width * width + distances + headNorms;
    }
    case "convolution":
      return ((kernelSize * width) / groups) * width;
    case "recurrent":
      return 4 * width * width + 3 * width;
  }
}
