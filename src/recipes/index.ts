import type {Recipe} from "../nn/recipe.js";
import {bf16} from "./bf16.js";
import {fp8} from "./fp8.js";
import {fp8Scaled} from "./fp8-scaled.js";
import {fp16} from "./fp16.js";
import {fp32} from "./fp32.js";

const recipes: Record<string, Recipe> = Object.fromEntries(
  [fp32, bf16, fp16, fp8, fp8Scaled].map((recipe) => [recipe.name, recipe]),
);

export const recipeNames: readonly string[] = Object.keys(recipes);

/** The recipe that the settings name; `settings.recipe` must be one of `recipeNames`. */
export const recipeOf = (settings: {readonly recipe: string}): Recipe => recipes[settings.recipe];
