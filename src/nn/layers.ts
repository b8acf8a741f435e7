import type {ModelShape} from "./model-shape.js";
import {castInPlace} from "./operand-cast.js";
import {type ActivationName, activation} from "./ops/activation.js";
import {gatedActivation} from "./ops/gated-activation.js";
import {layerNorm} from "./ops/layer-norm.js";
import {type LinearOptions, linear} from "./ops/linear.js";
import {rmsNorm} from "./ops/rms-norm.js";
import type {ProgramBuilder} from "./program.js";
import {linearRecipe, type Recipe} from "./recipe.js";
import type {LinearRole, Scheme} from "./scheme.js";
import type {Parameter, Tensor} from "./tensor.js";

/** Fan-in and fan-out of a linear layer. */
export type Fans = readonly [fanIn: number, fanOut: number];

/** The layers of one model: each call declares the parameters of one more, and applies it. */
export interface Layers {
  readonly scheme: Scheme;
  readonly recipe: Recipe;
  /** An embedding table of rows as wide as the model. */
  table(name: string, rows: number): Parameter;
  /** A gain or a bias, all `value` at first. */
  vector(name: string, length: number, value: number, place?: {readonly inBlock: boolean}): Parameter;
  /** A weight, [inputs, outputs], with all that its products need; `fans` where they are not its shape. */
  weight(
    role: LinearRole,
    layer: string,
    size: Fans,
    fans?: Fans,
  ): {weight: Parameter; options: LinearOptions};
  /** What the head needs that has the token table for its weight, [vocabulary, width]. */
  tiedOptions(): LinearOptions;
  /** y = x W. */
  project(role: LinearRole, layer: string, x: Tensor, outputs: number): Tensor;
  norm(name: string, x: Tensor, place?: {readonly inBlock: boolean}): Tensor;
  activate(x: Tensor, name?: ActivationName): Tensor;
}

const inBlock = {inBlock: true};

export function createLayers(
  builder: ProgramBuilder,
  shape: ModelShape,
  {scheme, recipe}: {scheme: Scheme; recipe: Recipe},
): Layers {
  const {width} = shape;

  const optionsOf = (role: LinearRole, layer: string, [fanIn, fanOut]: Fans) => {
    const {initialSpread, learningRate, ...scale} = scheme.linear(role, {fanIn, fanOut}, shape);
    const options: LinearOptions = {layer, scale, recipe: linearRecipe(recipe, layer, shape.layers)};
    return {initialSpread, learningRate, options};
  };

  const layers: Layers = {
    scheme,
    recipe,
    table(name, rows) {
      const {initialSpread, learningRate} = scheme.embedding(shape);
      return builder.parameter(name, [rows, width], {mean: 0, spread: initialSpread}, learningRate);
    },
    vector: (name, length, value, place = inBlock) =>
      builder.parameter(
        ...([name, [length], {mean: value, spread: 0}, scheme.vectorLearningRate(shape, place)] as const),
      ),
    weight(role, layer, size, fans = size) {
      const {initialSpread, learningRate, options} = optionsOf(role, layer, fans);
      const weight = builder.parameter(layer, size, {mean: 0, spread: initialSpread}, learningRate);
      return {weight, options};
    },
    tiedOptions: () => ({...optionsOf("head", "head", [width, shape.vocabulary]).options, transposed: true}),
    project(role, layer, x, outputs) {
      const {weight, options} = layers.weight(role, layer, [x.columns, outputs]);
      return linear(builder, x, weight, options);
    },
    norm(name, x, place = inBlock) {
      const gain = layers.vector(`${name} gain`, x.columns, 1, place);
      const scale = scheme.norm(shape);
      const y =
        shape.norm === "rms"
          ? rmsNorm(builder, x, gain, scale)
          : layerNorm(builder, x, {gain, bias: layers.vector(`${name} bias`, x.columns, 0, place)}, scale);
      castInPlace(builder, name, y, {name: "normOutput", cast: recipe.normOutput});
      return y;
    },
    activate(x, name = shape.activation) {
      const scale = scheme.activation(name);
      if (name === "swiglu") return gatedActivation(builder, x, {scale});
      return activation(builder, x, {name, scale});
    },
  };
  return layers;
}
