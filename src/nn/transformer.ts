import {feedForwardRatio, type ModelShape} from "./model-shape.js";
import {attention} from "./ops/attention.js";
import {crossEntropy} from "./ops/cross-entropy.js";
import {embedding} from "./ops/embedding.js";
import {gelu} from "./ops/gelu.js";
import {layerNorm} from "./ops/layer-norm.js";
import {linear} from "./ops/linear.js";
import {residual} from "./ops/residual.js";
import type {ProgramBuilder} from "./program.js";
import type {Recipe} from "./recipe.js";
import type {LinearRole, Scheme} from "./scheme.js";
import type {Tensor} from "./tensor.js";

/**
 * Adds a decoder-only transformer to the program: pre-norm, learned positions, GELU feed-forward, untied head,
 * no biases in linear layers. `tokens` and `targets` are addresses of batch · context int32 token numbers.
 */
export function transformer(
  builder: ProgramBuilder,
  shape: ModelShape,
  {scheme, recipe}: {scheme: Scheme; recipe: Recipe},
  {tokens, targets, onLoss}: {tokens: number; targets: number; onLoss: (loss: number) => void},
): void {
  const {layers, width, heads, context, batch, vocabulary} = shape;
  const hidden = feedForwardRatio * width;

  const table = (name: string, length: number) =>
    builder.parameter(name, [length, width], {mean: 0, spread: scheme.embedding(shape).initialSpread}, 1);

  const norm = (name: string, x: Tensor) => {
    const vector = (part: string, mean: number) =>
      builder.parameter(`${name} ${part}`, [width], {mean, spread: 0}, scheme.vectorLearningRate(shape));
    return layerNorm(builder, x, {gain: vector("gain", 1), bias: vector("bias", 0)}, scheme.layerNorm(shape));
  };

  const project = (role: LinearRole, layer: string, x: Tensor, fanOut: number) => {
    const scale = scheme.linear(role, {fanIn: x.columns, fanOut}, shape);
    const weight = builder.parameter(layer, [x.columns, fanOut], {mean: 0, spread: scale.initialSpread}, 1);
    return linear(builder, x, weight, {layer, scale, quantizers: recipe.linear});
  };

  const embeddings = {table: table("embedding", vocabulary), positions: table("positions", context)};
  let x = embedding(builder, tokens, embeddings, {batch, layer: "embedding", scale: scheme.embedding(shape)});
  for (let i = 1; i <= layers; i++) {
    const block = `block ${i}`;
    const attend = (x: Tensor) => {
      const qkv = project("qkv", `${block} qkv`, norm(`${block} norm 1`, x), 3 * width);
      const mixed = attention(builder, qkv, {batch, heads, scale: scheme.attention(shape)});
      return project("attention output", `${block} attention output`, mixed, width);
    };
    const feedForward = (x: Tensor) => {
      const up = project("mlp up", `${block} mlp up`, norm(`${block} norm 2`, x), hidden);
      return project("mlp down", `${block} mlp down`, gelu(builder, up, {scale: scheme.gelu}), width);
    };
    x = residual(builder, x, attend, scheme.residual(shape));
    x = residual(builder, x, feedForward, scheme.residual(shape));
  }
  const logits = project("head", "head", norm("final norm", x), vocabulary);
  crossEntropy(builder, logits, targets, {gradient: scheme.lossGradient(shape), onLoss});
}
