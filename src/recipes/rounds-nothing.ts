import type {Recipe} from "../nn/recipe.js";
import {type Cast, leavesAsIs} from "../precision/parse-cast.js";

/** Whether a recipe leaves every value as it is. */
export function roundsNothing({linear, layers, attention, normOutput, softmaxOutput}: Recipe): boolean {
  const linears = [linear, ...layers.map((rule) => rule.linear)];
  const parts = [...linears.flatMap(Object.values), ...Object.values(attention), normOutput, softmaxOutput];
  return parts.filter(isCast).every(leavesAsIs);
}

const isCast = (part: unknown): part is Cast =>
  typeof part === "object" && part !== null && "element" in part;
