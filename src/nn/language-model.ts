import {createLayers} from "./layers.js";
import {feedForwardWidths, type ModelShape, normCounts} from "./model-shape.js";
import {crossEntropy} from "./ops/cross-entropy.js";
import {embedding} from "./ops/embedding.js";
import {linear} from "./ops/linear.js";
import {residual} from "./ops/residual.js";
import type {ProgramBuilder} from "./program.js";
import type {Recipe} from "./recipe.js";
import type {Scheme} from "./scheme.js";
import {sequenceLayer} from "./sequence-layer.js";
import type {Tensor} from "./tensor.js";

/**
 * Adds a decoder-only language model to the program, of the parts that `shape` names: blocks of a sequence layer and a
 * feed-forward layer, each a residual branch with a norm, between an embedding and a head. Linear layers have no biases.
 *
 * @param tokens address of batch · context int32 token numbers, as `targets`, the tokens that follow each of them
 */
export function languageModel(
  builder: ProgramBuilder,
  shape: ModelShape,
  {scheme, recipe}: {scheme: Scheme; recipe: Recipe},
  {tokens, targets, onLoss}: {tokens: number; targets: number; onLoss: (loss: number) => void},
): void {
  const {width, context, batch, vocabulary, normPlacement, tiedHead} = shape;
  const layers = createLayers(builder, shape, {scheme, recipe});
  const {norm, project, activate} = layers;

  /** A residual branch with its norm. */
  const add = (x: Tensor, branch: number, normName: string, f: (x: Tensor) => Tensor) => {
    const inBranch = {
      pre: (x: Tensor) => f(norm(normName, x)),
      "res-post": (x: Tensor) => norm(normName, f(x)),
      post: f,
      none: f,
    }[normPlacement];
    const sum = residual(builder, x, inBranch, scheme.residual(shape, branch));
    return normPlacement === "post" ? norm(normName, sum) : sum;
  };

  const table = layers.table("embedding", vocabulary);
  const positions = shape.positions === "learned" ? layers.table("positions", context) : undefined;
  const scale = scheme.embedding(shape);
  const embeddingOptions = {batch, context, layer: "embedding", scale, addsToTable: tiedHead};
  let x = embedding(builder, tokens, {table, positions}, embeddingOptions);
  const mix = sequenceLayer(builder, shape, layers);
  for (let i = 1; i <= shape.layers; i++) {
    const block = `block ${i}`;
    x = add(x, 2 * i - 1, `${block} norm 1`, (x) => mix(block, x));
    x = add(x, 2 * i, `${block} norm 2`, (x) => {
      const active = activate(project("mlp up", `${block} mlp up`, x, feedForwardWidths(shape).up));
      return project("mlp down", `${block} mlp down`, active, width);
    });
  }
  if (normCounts[normPlacement].final > 0) x = norm("final norm", x, {inBlock: false});
  const logits = tiedHead
    ? linear(builder, x, table, layers.tiedOptions())
    : project("head", "head", x, vocabulary);
  crossEntropy(builder, logits, targets, {gradient: scheme.lossGradient(shape), onLoss});
}
