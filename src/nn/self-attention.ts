import type {ModelShape} from "./model-shape.js";
import {type AttentionInput, type AttentionScale, attention} from "./ops/attention.js";
import {rotary, rotaryTables} from "./ops/rotary.js";
import {sinusoids} from "./ops/sinusoids.js";
import {split} from "./ops/split.js";
import type {ProgramBuilder} from "./program.js";
import type {LinearRole, Scheme} from "./scheme.js";
import type {Tensor} from "./tensor.js";

/** The parts of the model that attention uses: a linear layer, and a norm over rows. */
export interface AttentionParts {
  readonly scheme: Scheme;
  readonly project: (role: LinearRole, layer: string, x: Tensor, fanOut: number) => Tensor;
  readonly norm: (name: string, x: Tensor) => Tensor;
}

/**
 * Attention as the shape asks for it, as a function of the name of a block and its queries, keys and values side by side,
 * (B·T, 3·H·D). With `queryKeyNorm` a norm of the model's kind stands over each head's queries and keys (Dehghani and
 * others 2023, arXiv 2302.05442), before rotary positions turn them.
 */
export function selfAttention(
  builder: ProgramBuilder,
  shape: ModelShape,
  {scheme, project, norm}: AttentionParts,
): (block: string, qkv: Tensor) => Tensor {
  const {batch, context, heads, width, softmax, queryKeyNorm, positions} = shape;
  const headSize = width / heads;
  const size = {batch, context, heads, headSize};
  const options = {...size, scale: attentionScale(scheme, shape), squareRoot: softmax === "square-root"};
  const tables = positions === "rotary" ? rotaryTables(builder, size) : undefined;
  const waves = positions === "relative" ? sinusoids(builder, context) : undefined;

  const inputOf = (block: string, qkv: Tensor): AttentionInput => {
    if (!queryKeyNorm && !tables) return sideBySide(qkv, width);
    const [query, key, value] = split(builder, qkv, {count: 3, partRows: qkv.rows * heads});
    const prepare = (name: string, x: Tensor) => {
      const normed = queryKeyNorm ? norm(`${block} ${name} norm`, x) : x;
      return {tensor: tables ? rotary(builder, normed, tables) : normed, column: 0};
    };
    return {query: prepare("query", query), key: prepare("key", key), value: {tensor: value, column: 0}};
  };

  return (block, qkv) => {
    const relative = waves && project("distances", `${block} distances`, waves, width);
    return attention(builder, {...inputOf(block, qkv), relative}, options);
  };
}

const sideBySide = (tensor: Tensor, width: number): AttentionInput => ({
  query: {tensor, column: 0},
  key: {tensor, column: width},
  value: {tensor, column: 2 * width},
});

function attentionScale(scheme: Scheme, shape: ModelShape): AttentionScale {
  const headSize = shape.width / shape.heads;
  const scale = scheme.attention(shape);
  const logits = {default: scale.logits, "inverse-root": 1 / Math.sqrt(headSize), inverse: 1 / headSize};
  return {...scale, logits: logits[shape.attentionLogits]};
}
