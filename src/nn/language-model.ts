import {feedForwardWidths, type ModelShape, normCounts} from "./model-shape.js";
import {activation} from "./ops/activation.js";
import {crossEntropy} from "./ops/cross-entropy.js";
import {embedding} from "./ops/embedding.js";
import {gatedActivation} from "./ops/gated-activation.js";
import {layerNorm} from "./ops/layer-norm.js";
import {linear} from "./ops/linear.js";
import {residual} from "./ops/residual.js";
import {rmsNorm} from "./ops/rms-norm.js";
import type {ProgramBuilder} from "./program.js";
import {linearRecipe, type Recipe} from "./recipe.js";
import type {LinearRole, Scheme} from "./scheme.js";
import {selfAttention} from "./self-attention.js";
import type {Tensor} from "./tensor.js";

/**
 * Adds a decoder-only language model to the program, of the parts that `shape` names, with no biases in linear
 * layers. `tokens` and `targets` are addresses of batch · context int32 token numbers.
 */
export function languageModel(
  builder: ProgramBuilder,
  shape: ModelShape,
  {scheme, recipe}: {scheme: Scheme; recipe: Recipe},
  {tokens, targets, onLoss}: {tokens: number; targets: number; onLoss: (loss: number) => void},
): void {
  const {layers, width, context, batch, vocabulary, normPlacement} = shape;
  const {up: upWidth} = feedForwardWidths(shape);

  const table = (name: string, length: number) => {
    const {initialSpread, learningRate} = scheme.embedding(shape);
    return builder.parameter(name, [length, width], {mean: 0, spread: initialSpread}, learningRate);
  };

  const norm = (name: string, x: Tensor, inBlock = true) => {
    const rate = scheme.vectorLearningRate(shape, {inBlock});
    const vector = (part: string, mean: number) =>
      builder.parameter(`${name} ${part}`, [x.columns], {mean, spread: 0}, rate);
    const gain = vector("gain", 1);
    const scale = scheme.norm(shape, width / x.columns);
    if (shape.norm === "rms") return rmsNorm(builder, x, gain, scale);
    return layerNorm(builder, x, {gain, bias: vector("bias", 0)}, scale);
  };

  const project = (role: LinearRole, layer: string, x: Tensor, fanOut: number) => {
    const {initialSpread, learningRate, ...scale} = scheme.linear(role, {fanIn: x.columns, fanOut}, shape);
    const initial = {mean: 0, spread: initialSpread};
    const weight = builder.parameter(layer, [x.columns, fanOut], initial, learningRate);
    return linear(builder, x, weight, {layer, scale, recipe: linearRecipe(recipe, layer, layers)});
  };

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

  const embeddings = {
    table: table("embedding", vocabulary),
    positions: shape.positions === "learned" ? table("positions", context) : undefined,
  };
  const scale = scheme.embedding(shape);
  let x = embedding(builder, tokens, embeddings, {batch, context, layer: "embedding", scale});
  const attend = selfAttention(builder, shape, {scheme, project, norm});
  for (let i = 1; i <= layers; i++) {
    const block = `block ${i}`;
    x = add(x, 2 * i - 1, `${block} norm 1`, (x) => {
      const qkv = project("qkv", `${block} qkv`, x, 3 * width);
      const mixed = attend(block, qkv);
      return project("attention output", `${block} attention output`, mixed, width);
    });
    x = add(x, 2 * i, `${block} norm 2`, (x) => {
      const up = project("mlp up", `${block} mlp up`, x, upWidth);
      const name = shape.activation;
      const scale = scheme.activation(name);
      const active =
        name === "swiglu" ? gatedActivation(builder, up, {scale}) : activation(builder, up, {name, scale});
      return project("mlp down", `${block} mlp down`, active, width);
    });
  }
  if (normCounts[normPlacement].final > 0) x = norm("final norm", x, false);
  const logits = project("head", "head", x, vocabulary);
  crossEntropy(builder, logits, targets, {gradient: scheme.lossGradient(shape), onLoss});
}
