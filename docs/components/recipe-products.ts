import type {BackwardCast, LinearRecipe, Recipe} from "../src/nn/recipe.js";
import type {Cast} from "../src/precision/parse-cast.js";

/** One operand of a product, with how a recipe casts it. */
export interface ProductOperand {
  /** P1 to P6, as Sun et al. 2025 (arXiv 2501.02423) number them. */
  readonly place: string;
  readonly symbol: string;
  readonly direction: "forward" | "backward";
  readonly cast: Cast;
  /** Whether it is what the forward product multiplied, and not cast anew. */
  readonly isReused: boolean;
  /** Whether the rows of its blocks lie along its rows or its columns, as the product is written. */
  readonly along: "rows" | "columns";
}

/** One of the three products of a linear layer. */
export interface Product {
  readonly title: string;
  readonly left: ProductOperand;
  readonly right: ProductOperand;
  readonly result: string;
}

/**
 * The three products of a linear layer y = x W, in the order in which training computes them. Blocks lie along what the
 * product sums over, the rows of the left operand and the columns of the right one; those of an operand that the forward
 * product cast lie across it.
 */
export function recipeProducts({linear}: Recipe): readonly Product[] {
  return [
    {
      title: "Forward",
      left: {...operand("P1", "x", linear.forwardActivation), along: "rows"},
      right: {...operand("P2", "W", linear.forwardWeight), along: "columns"},
      result: "y",
    },
    {
      title: "Input gradient",
      left: {...operand("P3", "∂y", linear.inputGradientGradient), along: "rows"},
      right: backwardOperand("P4", "Wᵀ", linear, "inputGradientWeight"),
      result: "∂x",
    },
    {
      title: "Weight gradient",
      left: backwardOperand("P6", "xᵀ", linear, "weightGradientActivation"),
      right: {...operand("P5", "∂y", linear.weightGradientGradient), along: "columns"},
      result: "∂W",
    },
  ];
}

const operand = (place: string, symbol: string, cast: Cast) => ({
  ...{place, symbol, cast},
  direction: symbol === "∂y" ? ("backward" as const) : ("forward" as const),
  isReused: false,
});

function backwardOperand(
  place: string,
  symbol: string,
  linear: LinearRecipe,
  name: "inputGradientWeight" | "weightGradientActivation",
): ProductOperand {
  const cast: BackwardCast = linear[name];
  const isWeight = name === "inputGradientWeight";
  if (cast !== "forward") return {...operand(place, symbol, cast), along: isWeight ? "columns" : "rows"};
  const forward = isWeight ? linear.forwardWeight : linear.forwardActivation;
  return {...operand(place, symbol, forward), isReused: true, along: isWeight ? "rows" : "columns"};
}
