import type {
  AttentionRecipe,
  BackwardCast,
  LinearRecipe,
  LossScale,
  Recipe,
  StraightThrough,
  unitKeys,
} from "../nn/recipe.js";
import {type Cast, parseCast} from "../precision/parse-cast.js";
import {parseProductUnit} from "../precision/units/product-unit.js";

/** Casts of the operands of linear layers, as text: by tensor, and of single operands where they differ. */
export interface LinearCasts extends Partial<Record<LinearOperand, string>> {
  /** x, in the forward and the weight-gradient product. */
  readonly activation: string;
  /** W, in the forward and the input-gradient product. */
  readonly weight: string;
  /** ∂y, in both gradient products. */
  readonly gradient: string;
}

export const linearOperands = [
  "forwardActivation",
  "forwardWeight",
  "inputGradientGradient",
  "inputGradientWeight",
  "weightGradientActivation",
  "weightGradientGradient",
] as const satisfies readonly (keyof LinearRecipe)[];

type LinearOperand = (typeof linearOperands)[number];

type LinearUnit = (typeof unitKeys)[keyof typeof unitKeys];

export interface RecipeParts {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly linear: LinearCasts;
  /** Of all three products, or of each; float32 sums in order where nothing is said. */
  readonly unit?: string | Readonly<Record<LinearUnit, string>>;
  readonly straightThrough?: StraightThrough;
  /** Layers that follow another recipe, as in `layerRecipes` of the settings. */
  readonly layers?: Readonly<Record<string, Recipe>>;
  /** Texts of casts; float32 where nothing is said. */
  readonly attention?: Partial<Record<keyof AttentionRecipe, string>>;
  readonly normOutput?: string;
  readonly softmaxOutput?: string;
  readonly lossScale?: LossScale;
}

/** A recipe from the texts of its casts. */
export function makeRecipe(parts: RecipeParts): Recipe {
  const {name, description, source, attention = {}} = parts;
  const attentionCast = (operand: keyof AttentionRecipe): Cast => parseCast(attention[operand] ?? "fp32");
  return {
    ...{name, description, source},
    linear: linearRecipe(parts),
    layers: Object.entries(parts.layers ?? {}).map(([layer, {linear}]) => ({layer, linear})),
    attention: {
      query: attentionCast("query"),
      key: attentionCast("key"),
      value: attentionCast("value"),
      probabilities: attentionCast("probabilities"),
      gradient: attentionCast("gradient"),
    },
    normOutput: parseCast(parts.normOutput ?? "fp32"),
    softmaxOutput: parseCast(parts.softmaxOutput ?? "fp32"),
    lossScale: parts.lossScale ?? 1,
  };
}

/** A cast for the backward pass, or `forward` for what the forward pass multiplied. */
export const parseBackwardCast = (text: string): BackwardCast =>
  text.trim().toLowerCase() === "forward" ? "forward" : parseCast(text);

function linearRecipe({
  linear: texts,
  unit = "fp32",
  straightThrough = "plain",
}: Pick<RecipeParts, "linear" | "unit" | "straightThrough">): LinearRecipe {
  const {activation, weight, gradient} = texts;
  const unitOf = (product: LinearUnit) => parseProductUnit(typeof unit === "string" ? unit : unit[product]);
  return {
    forwardActivation: parseCast(texts.forwardActivation ?? activation),
    forwardWeight: parseCast(texts.forwardWeight ?? weight),
    inputGradientGradient: parseCast(texts.inputGradientGradient ?? gradient),
    inputGradientWeight: parseBackwardCast(texts.inputGradientWeight ?? weight),
    weightGradientActivation: parseBackwardCast(texts.weightGradientActivation ?? activation),
    weightGradientGradient: parseCast(texts.weightGradientGradient ?? gradient),
    forwardUnit: unitOf("forwardUnit"),
    inputGradientUnit: unitOf("inputGradientUnit"),
    weightGradientUnit: unitOf("weightGradientUnit"),
    straightThrough,
  };
}
