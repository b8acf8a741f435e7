import {usageError} from "../errors.js";
import {type Direction, isSymmetric} from "../precision/apply-cast.js";
import {isRandom} from "../precision/parse-cast.js";
import {takesElements} from "../precision/units/product-unit.js";
import type {OperandOptions} from "./operand.js";
import type {LinearRecipe} from "./recipe.js";

/** How an operand is made, wherever it is to lie. */
export type OperandChoice = Omit<OperandOptions, "place">;

/** How each operand of a linear layer is made; W lies with its outputs along the rows, unless it is transposed. */
export function operandChoices(
  recipe: LinearRecipe,
  transposed: boolean,
): Record<OperandName, OperandChoice> {
  const [inputs, outputs]: Direction[] = transposed ? ["rows", "columns"] : ["columns", "rows"];
  const keepsScales = recipe.straightThrough === "clipped";
  const forward = {asElements: takesElements(recipe.forwardUnit), keepsScales};
  const toInput = {asElements: takesElements(recipe.inputGradientUnit)};
  const toWeight = {asElements: takesElements(recipe.weightGradientUnit)};
  const p1: OperandChoice = {
    ...forward,
    name: "forwardActivation",
    cast: recipe.forwardActivation,
    along: "rows",
  };
  const p2: OperandChoice = {...forward, name: "forwardWeight", cast: recipe.forwardWeight, along: inputs};
  const again = (
    name: "inputGradientWeight" | "weightGradientActivation",
    first: OperandChoice,
    along: Direction,
    asElements: boolean,
  ) => {
    const cast = recipe[name];
    if (cast !== "forward") return {name, cast, along, asElements};
    if (first.asElements !== asElements && isRandom(first.cast)) {
      throw usageError(
        `${name}: "forward" does not go with ${first.cast.text} where one product has a matrix unit and the other has not: their random bits would differ`,
      );
    }
    return {name, cast: first.cast, along: first.along, asElements};
  };
  return {
    p1,
    p2,
    p3: {...toInput, name: "inputGradientGradient", cast: recipe.inputGradientGradient, along: "rows"},
    p4: again("inputGradientWeight", p2, outputs, toInput.asElements),
    p5: {...toWeight, name: "weightGradientGradient", cast: recipe.weightGradientGradient, along: "columns"},
    p6: again("weightGradientActivation", p1, "columns", toWeight.asElements),
  };
}

/** As in `LinearRecipe`. */
type OperandName = "p1" | "p2" | "p3" | "p4" | "p5" | "p6";

/** Whether one cast serves both products of a matrix, though they may sum over different dimensions of it. */
export const isSameOperand = (a: OperandChoice, b: OperandChoice): boolean =>
  a.cast.text === b.cast.text &&
  a.asElements === b.asElements &&
  (a.along === b.along || isSymmetric(a.cast));
