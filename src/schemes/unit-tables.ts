import type {ModelShape} from "../nn/model-shape.js";
import type {EmbeddingScale} from "../nn/ops/embedding.js";
import type {LinearRole} from "../nn/scheme.js";

/**
 * Under unit scaling: two summands with Σw² = 1, or one; a table row collects b/V (tokens) or B (positions) gradients of
 * spread 1.
 */
export function unitEmbedding(shape: ModelShape): EmbeddingScale & {readonly initialSpread: number} {
  const {batch, context, vocabulary, positions, tiedHead} = shape;
  const token = positions === "learned" ? Math.SQRT1_2 : 1;
  return {
    initialSpread: 1,
    token,
    position: Math.SQRT1_2,
    tokenGradient: tiedHead ? tiedGradients(token, shape).token : Math.sqrt(vocabulary / (batch * context)),
    positionGradient: 1 / Math.sqrt(batch),
  };
}

/** Under unit scaling, 1/√b for the sum over b tokens, or over the distances, which the sequences of a batch share. */
export function unitWeightGradient(role: LinearRole, shape: ModelShape): number {
  if (role === "head" && shape.tiedHead) return tiedGradients(unitEmbedding(shape).token, shape).head;
  return 1 / Math.sqrt(role === "distances" ? shape.context : shape.batch * shape.context);
}

/**
 * Factors of the two gradients of a table that is both embedding and head, whose input gradient has the factor V^(−1/2).
 * Neither way to the table is a cut-edge, so both gradients have to be the true ones times one constant:
 * head · tokenWeight = token · V^(−1/2); and their sum has spread 1.
 */
function tiedGradients(
  tokenWeight: number,
  {batch, context, vocabulary}: ModelShape,
): {readonly token: number; readonly head: number} {
  const head = 1 / Math.sqrt(batch * context * (1 + tokenWeight * tokenWeight));
  return {token: head * tokenWeight * Math.sqrt(vocabulary), head};
}
