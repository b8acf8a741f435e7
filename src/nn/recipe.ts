import type {Cast} from "../precision/parse-cast.js";
import type {ProductUnit} from "../precision/units/product-unit.js";
import type {LinearProduct} from "./program.js";

/**
 * The casts of the two operands of each product of a linear layer y = x W, P1 to P6 of Sun et al. 2025
 * (arXiv 2501.02423), and the arithmetic of the products.
 */
export interface LinearRecipe {
  /** P1, x in y = x W. */
  readonly forwardActivation: Cast;
  /** P2, W in y = x W. */
  readonly forwardWeight: Cast;
  /** P3, ∂y in ∂x = ∂y Wᵀ. */
  readonly inputGradientGradient: Cast;
  /** P4, W in ∂x = ∂y Wᵀ. */
  readonly inputGradientWeight: BackwardCast;
  /** P6, x in ∂W = xᵀ ∂y. */
  readonly weightGradientActivation: BackwardCast;
  /** P5, ∂y in ∂W = xᵀ ∂y. */
  readonly weightGradientGradient: Cast;
  readonly forwardUnit: ProductUnit;
  readonly inputGradientUnit: ProductUnit;
  readonly weightGradientUnit: ProductUnit;
  /** Gradients go through casts as if there were none, or not to what lies beyond the format. */
  readonly straightThrough: StraightThrough;
}

/** What multiplies in each product. */
export const unitKeys = {
  forward: "forwardUnit",
  "input gradient": "inputGradientUnit",
  "weight gradient": "weightGradientUnit",
} as const satisfies Record<LinearProduct, keyof LinearRecipe>;

/** A cast of its own, from the float32 values, or what the forward pass multiplied. */
export type BackwardCast = Cast | "forward";

export type StraightThrough = "plain" | "clipped";

/** Casts in attention; keys and values are what a KV cache would hold. */
export interface AttentionRecipe {
  readonly query: Cast;
  readonly key: Cast;
  readonly value: Cast;
  /** The softmax as an operand of its product with the values. */
  readonly probabilities: Cast;
  /** Gradients of the operands' products, as they enter the products of the backward pass. */
  readonly gradient: Cast;
}

/** What multiplies the gradient of the loss: a constant, or what `dynamic` finds, see `lossScaler`. */
export type LossScale = number | "dynamic";

/** A linear layer, or some, with a recipe of their own. */
export interface LayerRule {
  /** A layer as probes name it, with `*` for anything, or one that begins with `first` or `last` for a block. */
  readonly layer: string;
  readonly linear: LinearRecipe;
}

/** How values are rounded. A recipe knows nothing of scaling constants. */
export interface Recipe {
  readonly name: string;
  /** One sentence for lists and pages. */
  readonly description: string;
  /** Where it is described. */
  readonly source: string;
  readonly linear: LinearRecipe;
  /** Exceptions from `linear`; the last one that fits counts. */
  readonly layers: readonly LayerRule[];
  readonly attention: AttentionRecipe;
  /** What norms give. */
  readonly normOutput: Cast;
  /** What the softmax of attention gives. */
  readonly softmaxOutput: Cast;
  readonly lossScale: LossScale;
}

/** The recipe of the linear layer of a name, such as `block 1 mlp up` or `head`, in a model of so many blocks. */
export function linearRecipe({linear, layers}: Recipe, layer: string, blocks: number): LinearRecipe {
  return layers.findLast((rule) => fits(rule.layer, layer, blocks))?.linear ?? linear;
}

/** Whether a layer's name fits a pattern: `head`, `last`, `block 2`, `* qkv`, `first mlp *`. */
export function fits(pattern: string, layer: string, blocks: number): boolean {
  const full = pattern.replace(/^first\b/, "block 1").replace(/^last\b/, `block ${blocks}`);
  const parts = full.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}( .*)?$`).test(layer);
}
