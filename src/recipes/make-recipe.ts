import type {
  AttentionRecipe,
  LayerRule,
  LinearRecipe,
  LossScale,
  Recipe,
  StraightThrough,
} from "../nn/recipe.js";
import {type Cast, parseCast} from "../precision/parse-cast.js";

/** Casts of the operands of linear layers, as text: by tensor, and of single operands where they differ. */
export interface LinearCasts extends Partial<Record<LinearOperand, string>> {
  /** x, in the forward and the weight-gradient product. */
  readonly activation: string;
  /** W, in the forward and the input-gradient product. */
  readonly weight: string;
  /** ∂y, in both gradient products. */
  readonly gradient: string;
}

type LinearOperand = Exclude<keyof LinearRecipe, "straightThrough">;

export interface RecipeParts {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly linear: LinearCasts;
  readonly straightThrough?: StraightThrough;
  /** Layers whose linear recipe is that of another recipe. */
  readonly layers?: Readonly<Record<string, Recipe>>;
  /** Texts of casts; float32 where nothing is said. */
  readonly attention?: Partial<Record<keyof AttentionRecipe, string>>;
  readonly normOutput?: string;
  readonly softmaxOutput?: string;
  readonly lossScale?: LossScale;
}

/** A recipe from the texts of its casts. */
export function makeRecipe({name, description, source, ...parts}: RecipeParts): Recipe {
  const {attention = {}, normOutput = "fp32", softmaxOutput = "fp32", lossScale = 1} = parts;
  const attentionCast = (operand: keyof AttentionRecipe): Cast => parseCast(attention[operand] ?? "fp32");
  return {
    ...{name, description, source},
    linear: linearRecipe(parts.linear, parts.straightThrough ?? "plain"),
    layers: Object.entries(parts.layers ?? {}).map(([layer, {linear}]): LayerRule => ({layer, linear})),
    attention: {
      query: attentionCast("query"),
      key: attentionCast("key"),
      value: attentionCast("value"),
      probabilities: attentionCast("probabilities"),
      gradient: attentionCast("gradient"),
    },
    normOutput: parseCast(normOutput),
    softmaxOutput: parseCast(softmaxOutput),
    lossScale,
  };
}

function linearRecipe(texts: LinearCasts, straightThrough: StraightThrough): LinearRecipe {
  const {activation, weight, gradient} = texts;
  return {
    forwardActivation: parseCast(texts.forwardActivation ?? activation),
    forwardWeight: parseCast(texts.forwardWeight ?? weight),
    inputGradientGradient: parseCast(texts.inputGradientGradient ?? gradient),
    inputGradientWeight: parseCast(texts.inputGradientWeight ?? weight),
    weightGradientActivation: parseCast(texts.weightGradientActivation ?? activation),
    weightGradientGradient: parseCast(texts.weightGradientGradient ?? gradient),
    straightThrough,
  };
}
