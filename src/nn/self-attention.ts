import {leavesAsIs} from "../precision/parse-cast.js";
import {attentionRoundings} from "./attention-roundings.js";
import type {Layers} from "./layers.js";
import type {ModelShape} from "./model-shape.js";
import {castInPlace} from "./operand-cast.js";
import {type AttentionInput, type AttentionScale, attention} from "./ops/attention.js";
import {rmsNorm} from "./ops/rms-norm.js";
import {rotary, rotaryTables} from "./ops/rotary.js";
import {sinusoids} from "./ops/sinusoids.js";
import {split} from "./ops/split.js";
import type {ProgramBuilder} from "./program.js";
import type {Scheme} from "./scheme.js";
import type {Tensor} from "./tensor.js";

/**
 * Attention as the shape asks for it, as a function of the name of a block and its queries, keys and values side by side,
 * (B·T, 3·H·D). With `queryKeyNorm` each head's queries and keys go through an RMS norm (Henry and others 2020, arXiv
 * 2010.04245, with the norm of OLMo 2, arXiv 2501.00656; a bias would do nothing to keys, since the softmax does not see
 * what all keys have in common). Then rotary positions turn them, and then they are cast.
 */
export function selfAttention(
  builder: ProgramBuilder,
  shape: ModelShape,
  {scheme, recipe, project, vector}: Pick<Layers, "scheme" | "recipe" | "project" | "vector">,
): (block: string, qkv: Tensor) => Tensor {
  const {batch, context, heads, width, softmax, queryKeyNorm, positions} = shape;
  const headSize = width / heads;
  const size = {batch, context, heads, headSize};
  const options = {...size, scale: attentionScale(scheme, shape), squareRoot: softmax === "square-root"};
  const tables = positions === "rotary" ? rotaryTables(builder, size) : undefined;
  const waves = positions === "relative" ? sinusoids(builder, context) : undefined;

  const headNorm = (name: string, x: Tensor) => {
    const y = rmsNorm(builder, x, vector(`${name} gain`, headSize, 1), scheme.norm(shape, heads));
    castInPlace(builder, name, y, {name: "normOutput", cast: recipe.normOutput});
    return y;
  };
  const isPlain = !queryKeyNorm && !tables && operands.every((name) => leavesAsIs(recipe.attention[name]));

  const inputOf = (block: string, qkv: Tensor): AttentionInput => {
    if (isPlain) return sideBySide(qkv, width);
    const parts = split(builder, qkv, {count: 3, partRows: qkv.rows * heads});
    const [query, key, value] = operands.map((name, i) => {
      const isValue = name === "value";
      const normed = queryKeyNorm && !isValue ? headNorm(`${block} ${name} norm`, parts[i]) : parts[i];
      const tensor = tables && !isValue ? rotary(builder, normed, tables) : normed;
      castInPlace(builder, `${block} ${name}`, tensor, {name, cast: recipe.attention[name]});
      return {tensor, column: 0};
    });
    return {query, key, value};
  };

  return (block, qkv) => {
    const relative = waves && project("distances", `${block} distances`, waves, width);
    const roundings = attentionRoundings(builder, recipe, size);
    return attention(builder, {...inputOf(block, qkv), relative}, {...options, roundings});
  };
}

const operands = ["query", "key", "value"] as const;

const sideBySide = (tensor: Tensor, width: number): AttentionInput => ({
  query: {tensor, column: 0},
  key: {tensor, column: width},
  value: {tensor, column: 2 * width},
});

function attentionScale(scheme: Scheme, shape: ModelShape): AttentionScale {
  const headSize = shape.width / shape.heads;
  const {logits, output, multiplier} = scheme.attention(shape);
  const choices = {
    default: logits,
    "inverse-root": multiplier / Math.sqrt(headSize),
    inverse: multiplier / headSize,
  };
  return {logits: choices[shape.attentionLogits], output};
}
