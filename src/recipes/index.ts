import {usageError} from "../errors.js";
import type {BackwardCast, LinearRecipe, Recipe, StraightThrough} from "../nn/recipe.js";
import {parseCast} from "../precision/parse-cast.js";
import {parseProductUnit} from "../precision/units/product-unit.js";
import {bf16} from "./bf16.js";
import {deepseekV3} from "./deepseek-v3.js";
import {fp8} from "./fp8.js";
import {fp8Block} from "./fp8-block.js";
import {fp8Current} from "./fp8-current.js";
import {fp8Delayed} from "./fp8-delayed.js";
import {fp8Scaled} from "./fp8-scaled.js";
import {fp8Static} from "./fp8-static.js";
import {fp16} from "./fp16.js";
import {fp16Dynamic} from "./fp16-dynamic.js";
import {fp16Static} from "./fp16-static.js";
import {fp32} from "./fp32.js";
import {int} from "./int.js";
import {parseLayerRecipes} from "./layer-recipes.js";
import {parseBackwardCast} from "./make-recipe.js";
import {mxfp4} from "./mxfp4.js";
import {mxfp6} from "./mxfp6.js";
import {mxfp8} from "./mxfp8.js";
import {nvfp4} from "./nvfp4.js";
import {ternary} from "./ternary.js";

const floats = [fp32, bf16, fp16, fp16Static, fp16Dynamic];
const eightBits = [fp8, fp8Scaled, fp8Delayed, fp8Current, fp8Block, fp8Static, deepseekV3];
const blocks = [mxfp8, mxfp6, mxfp4, nvfp4];
const integers = [...Array.from({length: 15}, (_, i) => int(i + 2)), ternary];

/** All recipes, in the order of lists. */
export const recipes: readonly Recipe[] = [...floats, ...eightBits, ...blocks, ...integers];

const byName = new Map(recipes.map((recipe) => [recipe.name, recipe]));

export const recipeNames: readonly string[] = [...byName.keys()];

/** What of a run's settings decides the recipe; whatever is missing, or `recipe`, is the named recipe's own. */
export interface RecipeSettings extends Partial<Record<RecipePart, string>> {
  /** One of `recipeNames`. */
  readonly recipe: string;
  readonly layerRecipes?: string;
  readonly straightThrough?: StraightThrough | "recipe";
  readonly lossScale?: Recipe["lossScale"] | "none" | "recipe";
}

type RecipePart =
  | Exclude<keyof LinearRecipe, "straightThrough">
  | ("query" | "key" | "value" | "probabilities" | "attentionGradient" | "normOutput" | "softmaxOutput");

/**
 * The recipe that settings name, with the parts that they replace. Their texts must have been checked.
 * @throws a usage error for casts that do not go together
 */
export function recipeOf(settings: RecipeSettings): Recipe {
  const named = byName.get(settings.recipe)!;
  const chosen = <Part>(key: RecipePart, own: Part, parse: (text: string) => Part): Part => {
    const text = settings[key] ?? "recipe";
    return text === "recipe" ? own : parse(text);
  };
  const exceptions = parseLayerRecipes(settings.layerRecipes ?? "", recipeNames);
  const {linear, attention} = named;
  const {straightThrough = "recipe", lossScale = "recipe"} = settings;
  const withClipping = (linear: LinearRecipe): LinearRecipe =>
    straightThrough === "recipe" ? linear : {...linear, straightThrough};
  const recipe: Recipe = {
    ...named,
    linear: withClipping({
      forwardActivation: chosen("forwardActivation", linear.forwardActivation, parseCast),
      forwardWeight: chosen("forwardWeight", linear.forwardWeight, parseCast),
      inputGradientGradient: chosen("inputGradientGradient", linear.inputGradientGradient, parseCast),
      inputGradientWeight: chosen("inputGradientWeight", linear.inputGradientWeight, parseBackwardCast),
      weightGradientActivation: chosen(
        "weightGradientActivation",
        linear.weightGradientActivation,
        parseBackwardCast,
      ),
      weightGradientGradient: chosen("weightGradientGradient", linear.weightGradientGradient, parseCast),
      forwardUnit: chosen("forwardUnit", linear.forwardUnit, parseProductUnit),
      inputGradientUnit: chosen("inputGradientUnit", linear.inputGradientUnit, parseProductUnit),
      weightGradientUnit: chosen("weightGradientUnit", linear.weightGradientUnit, parseProductUnit),
      straightThrough: linear.straightThrough,
    }),
    layers: [
      ...named.layers,
      ...exceptions.map(({layer, recipe}) => ({layer, linear: byName.get(recipe)!.linear})),
    ].map(({layer, linear}) => ({layer, linear: withClipping(linear)})),
    attention: {
      query: chosen("query", attention.query, parseCast),
      key: chosen("key", attention.key, parseCast),
      value: chosen("value", attention.value, parseCast),
      probabilities: chosen("probabilities", attention.probabilities, parseCast),
      gradient: chosen("attentionGradient", attention.gradient, parseCast),
    },
    normOutput: chosen("normOutput", named.normOutput, parseCast),
    softmaxOutput: chosen("softmaxOutput", named.softmaxOutput, parseCast),
    lossScale: lossScale === "recipe" ? named.lossScale : lossScale === "none" ? 1 : lossScale,
  };
  checkHadamard(recipe.linear);
  return recipe;
}

/** A Hadamard transform of one operand cancels against that of the other, or makes no sense. */
function checkHadamard(linear: LinearRecipe): void {
  const {forwardActivation, forwardWeight, inputGradientWeight, weightGradientActivation} = linear;
  const products = {
    forwardActivation: [forwardActivation, forwardWeight],
    inputGradientGradient: [linear.inputGradientGradient, inputGradientWeight],
    weightGradientGradient: [linear.weightGradientGradient, weightGradientActivation],
  } as const;
  const isMixed = (cast: BackwardCast) => cast !== "forward" && cast.hadamard;
  for (const [operand, casts] of Object.entries(products)) {
    if (isMixed(casts[0]) !== isMixed(casts[1])) {
      throw usageError(`${operand}: both operands of a product need the word hadamard, or neither`);
    }
  }
  if ([forwardActivation, forwardWeight].some(isMixed) && products.inputGradientGradient[1] === "forward") {
    throw usageError('inputGradientWeight: "forward" does not go with hadamard in the forward product');
  }
  if (isMixed(forwardActivation) && weightGradientActivation === "forward") {
    throw usageError('weightGradientActivation: "forward" does not go with hadamard in the forward product');
  }
}
