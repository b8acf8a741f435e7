import type {AttentionRecipe, Recipe} from "../src/nn/recipe.js";
import {type Cast, leavesAsIs} from "../src/precision/parse-cast.js";
import {recipeTitle} from "./recipe-styles.js";

/** What a recipe is, and what of it the picture of the three products does not show, in a few sentences. */
export function recipeWords(recipe: Recipe): string {
  const {name, description, source, attention, layers, lossScale, normOutput, softmaxOutput} = recipe;
  const operands = Object.entries(attention) as [keyof AttentionRecipe, Cast][];
  const others = [
    ...operands.map(([operand, cast]) => ({name: attentionNames[operand], cast})),
    {name: "outputs of norms", cast: normOutput},
    {name: "outputs of softmax", cast: softmaxOutput},
  ].filter(({cast}) => !leavesAsIs(cast));
  return [
    `${recipeTitle(name)}: ${description} (${source}).`,
    others.length > 0
      ? `Outside linear layers it casts ${others.map(({name, cast}) => `${name} (${cast.text})`).join(", ")}.`
      : "Attention, norms and softmax stay in FP32.",
    ...(layers.length > 0
      ? [`Layers with casts of their own: ${layers.map(({layer}) => layer).join(", ")}.`]
      : []),
    ...(lossScale === 1
      ? []
      : [
          lossScale === "dynamic"
            ? "The gradient of the loss is multiplied by a scale that is found by trial."
            : `The gradient of the loss is multiplied by ${lossScale}.`,
        ]),
  ].join(" ");
}

const attentionNames: Readonly<Record<keyof AttentionRecipe, string>> = {
  query: "queries",
  key: "keys",
  value: "values",
  probabilities: "attention probabilities",
  gradient: "attention gradients",
};
