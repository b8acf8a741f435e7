import type {Recipe} from "../nn/recipe.js";
import {type Cast, leavesAsIs} from "../precision/parse-cast.js";
import {isPlainProduct, type ProductUnit} from "../precision/units/product-unit.js";

/** Whether a recipe leaves every value as it is, and multiplies in float32. */
export function roundsNothing({linear, layers, attention, normOutput, softmaxOutput}: Recipe): boolean {
  const linears = [linear, ...layers.map((rule) => rule.linear)];
  const parts = [...linears.flatMap(Object.values), ...Object.values(attention), normOutput, softmaxOutput];
  return parts.filter(isCast).every(leavesAsIs) && parts.filter(isUnit).every(isPlainProduct);
}

const isCast = (part: unknown): part is Cast =>
  typeof part === "object" && part !== null && "element" in part;

const isUnit = (part: unknown): part is ProductUnit =>
  typeof part === "object" && part !== null && "unit" in part;
