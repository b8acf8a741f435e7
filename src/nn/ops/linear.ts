import {addProduct} from "../add-product.js";
import {clipGradients} from "../clip-gradients.js";
import type {LinearShape} from "../linear-products.js";
import {castForNow, castToKeep, source} from "../operand.js";
import {isSameOperand, operandChoices} from "../operand-choices.js";
import type {ProgramBuilder} from "../program.js";
import type {LinearRecipe} from "../recipe.js";
import type {Parameter, Tensor} from "../tensor.js";

/** Multipliers of y = x W and of its two gradients. */
export interface LinearScale {
  readonly output: number;
  readonly inputGradient: number;
  readonly weightGradient: number;
}

export interface LinearOptions {
  readonly layer: string;
  readonly scale: LinearScale;
  readonly recipe: LinearRecipe;
  /** Column block i of y depends on column block i of x, by column block i of W; 1 by default. */
  readonly groups?: number;
  /** Whether the weight is stored as Wᵀ, (k, m); without groups. */
  readonly transposed?: boolean;
}

/**
 * y = output · P1(x) P2(W)                     (n, m)·(m, k) → (n, k)
 * ∂x = inputGradient · P3(∂y) P4(W)ᵀ           (n, k)·(k, m) → (n, m)
 * ∂W = weightGradient · P6(x)ᵀ P5(∂y)          (m, n)·(n, k) → (m, k)
 *
 * Each operand is cast from the float32 values, in blocks along the dimension over which its product sums, which is a
 * group's own; a cast that two products have in common is made once. Unless its values are needed again, `x` is cast in place.
 */
export function linear(
  builder: ProgramBuilder,
  x: Tensor,
  weight: Parameter,
  {layer, scale, recipe, groups = 1, transposed = false}: LinearOptions,
): Tensor {
  const [n, m] = [x.rows, x.columns];
  const fanIn = m / groups;
  const k = weight.size / fanIn;
  const shape: LinearShape = {rows: n, fanIn, fanOut: k / groups, groups, transposed};
  const y = builder.tensor(n, k);
  const xSource = source(
    {layer, tensor: "activation", address: x.data, rows: n, columns: m, groups, magnitude: x.dataMagnitude},
    {rows: "forward", columns: "weight gradient"},
  );
  const [wRows, wColumns] = transposed ? [k, fanIn] : [fanIn, k];
  const wSource = source(
    {layer, tensor: "weight", address: weight.data, rows: wRows, columns: wColumns, groups},
    transposed ? {rows: "forward", columns: "input gradient"} : {rows: "input gradient", columns: "forward"},
  );
  const {p1, p2, p3, p4, p5, p6} = operandChoices(recipe, transposed);
  const isClipped = recipe.straightThrough === "clipped";
  const xPlace = x.dataShared || isClipped ? undefined : x.data;

  builder.probe(xSource);
  builder.probe(wSource);
  const input = isSameOperand(p1, p6)
    ? castToKeep(builder, xSource, {...p1, place: xPlace})
    : castForNow(builder, xSource, p1);
  const weights = isSameOperand(p2, p4) ? castToKeep(builder, wSource, p2) : castForNow(builder, wSource, p2);
  addProduct(
    builder,
    {recipe, product: "forward", shape},
    {a: input, b: weights, c: y.data, count: n * k, factor: scale.output},
  );
  weights.release();
  input.release();

  const gradientPoint = {layer, tensor: "activation gradient", rows: n, columns: k, groups} as const;
  builder.backward(() => {
    const ySource = source(
      {...gradientPoint, address: y.gradient, magnitude: y.gradientMagnitude},
      {rows: "input gradient", columns: "weight gradient"},
    );
    const yPlace = y.gradientShared ? undefined : y.gradient;
    const isOneGradient = isSameOperand(p3, p5);
    builder.probe(ySource);
    const xGradient = builder.acquireGradient(x);

    const xs = isSameOperand(p1, p6) ? input : castForNow(builder, xSource, {...p6, place: xPlace});
    const ys = castForNow(builder, ySource, isOneGradient ? {...p5, place: yPlace} : p5);
    const [a, b] = transposed ? [ys, xs] : [xs, ys];
    addProduct(
      builder,
      {recipe, product: "weight gradient", shape},
      {a, b, c: weight.gradient, count: weight.size, factor: scale.weightGradient},
    );
    xs.release();
    if (!isOneGradient) ys.release();

    const zs = isOneGradient ? ys : castForNow(builder, ySource, {...p3, place: yPlace});
    const ws = isSameOperand(p2, p4) ? weights : castForNow(builder, wSource, p4);
    addProduct(
      builder,
      {recipe, product: "input gradient", shape},
      {a: zs, b: ws, c: xGradient, count: n * m, factor: scale.inputGradient},
    );
    ws.release();
    zs.release();
    if (isClipped) {
      clipGradients(builder, {cast: p1.cast, operand: input, source: xSource, gradient: xGradient});
      clipGradients(builder, {cast: p2.cast, operand: weights, source: wSource, gradient: weight.gradient});
    }
    builder.probe({layer, tensor: "weight gradient", address: weight.gradient, count: weight.size});
    builder.releaseGradient(y);
  });
  return y;
}
