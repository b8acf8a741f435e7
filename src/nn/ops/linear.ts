import type {Address} from "../../kernels/kernels.js";
import type {Shape} from "../../kernels/reference/blocks.js";
import {type Direction, isSymmetric} from "../../precision/apply-cast.js";
import {type Cast, leavesAsIs} from "../../precision/parse-cast.js";
import {
  forwardProduct,
  inputGradientProduct,
  type LinearShape,
  weightGradientProduct,
} from "../linear-products.js";
import {operandCast} from "../operand-cast.js";
import type {LinearProduct, ProbedCast, ProbePoint, ProgramBuilder} from "../program.js";
import type {BackwardCast, LinearRecipe} from "../recipe.js";
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
 * Each operand is cast from the float32 values, in blocks along the dimension over which its product sums; a cast that
 * two products have in common is made once. Unless its values are shared, `x` is cast in place.
 */
export function linear(
  builder: ProgramBuilder,
  x: Tensor,
  weight: Parameter,
  {layer, scale, recipe, groups = 1, transposed = false}: LinearOptions,
): Tensor {
  const {kernels} = builder;
  const [n, m] = [x.rows, x.columns];
  const fanIn = m / groups;
  const k = weight.size / fanIn;
  const shape: LinearShape = {rows: n, fanIn, fanOut: k / groups, groups, transposed};
  const y = builder.tensor(n, k);
  const {forwardActivation, forwardWeight} = recipe;
  const ownActivation = ownCast(recipe.weightGradientActivation, forwardActivation);
  const ownWeight = ownCast(recipe.inputGradientWeight, forwardWeight);
  const xSource = source(
    {layer, tensor: "activation", address: x.data, rows: n, columns: m},
    {rows: "forward", columns: "weight gradient"},
  );
  const [wRows, wColumns] = transposed ? [k, fanIn] : [fanIn, k];
  const alongInputs = transposed ? "rows" : "columns";
  const alongOutputs = transposed ? "columns" : "rows";
  const wSource = source(
    {layer, tensor: "weight", address: weight.data, rows: wRows, columns: wColumns},
    transposed ? {rows: "forward", columns: "input gradient"} : {rows: "input gradient", columns: "forward"},
  );
  const xPlace = x.dataShared ? undefined : x.data;

  builder.probe(xSource);
  builder.probe(wSource);
  const input = ownActivation
    ? castForNow(builder, forwardActivation, xSource, "rows")
    : castToKeep(builder, forwardActivation, xSource, "rows", xPlace);
  const weights = ownWeight
    ? castForNow(builder, forwardWeight, wSource, alongInputs)
    : castToKeep(builder, forwardWeight, wSource, alongInputs);
  builder.step(() => forwardProduct(kernels, shape, [input.address, weights.address, y.data], scale.output));
  weights.release();
  input.release();

  builder.backward(() => {
    const {gradient} = y;
    const isOneCast = isSameCast(recipe.weightGradientGradient, recipe.inputGradientGradient);
    const ySource = source(
      {layer, tensor: "activation gradient", address: gradient, rows: n, columns: k},
      {rows: "input gradient", columns: "weight gradient"},
    );
    const yPlace = y.gradientShared ? undefined : gradient;
    builder.probe(ySource);
    const xGradient = builder.acquireGradient(x);

    const xs = ownActivation ? castForNow(builder, ownActivation, xSource, "columns", xPlace) : input;
    const ys = castForNow(
      ...([
        builder,
        recipe.weightGradientGradient,
        ySource,
        "columns",
        isOneCast ? yPlace : undefined,
      ] as const),
    );
    builder.step(() => {
      const operands = [xs.address, ys.address, weight.gradient] as const;
      weightGradientProduct(kernels, shape, operands, scale.weightGradient);
    });
    xs.release();
    if (!isOneCast) ys.release();

    const zs = isOneCast ? ys : castForNow(builder, recipe.inputGradientGradient, ySource, "rows", yPlace);
    const ws = ownWeight ? castForNow(builder, ownWeight, wSource, alongOutputs) : weights;
    builder.step(() =>
      inputGradientProduct(kernels, shape, [zs.address, ws.address, xGradient], scale.inputGradient),
    );
    ws.release();
    zs.release();
    builder.probe({layer, tensor: "weight gradient", address: weight.gradient, count: weight.size});
    builder.releaseGradient(y);
  });
  return y;
}

/** The cast that a product of the backward pass needs besides that of the forward pass, if any. */
const ownCast = (cast: BackwardCast, forward: Cast): Cast | undefined =>
  cast === "forward" || isSameCast(cast, forward) ? undefined : cast;

/** Whether one cast serves both products of a matrix, which sum over different dimensions of it. */
const isSameCast = (a: Cast, b: Cast): boolean => a.text === b.text && isSymmetric(a);

/** A matrix from which operands are made, as probes see it. */
interface Source extends ProbePoint, Shape {
  /** The product that each direction of its sum belongs to. */
  readonly products: Readonly<Record<Direction, LinearProduct>>;
  readonly casts: ProbedCast[];
}

const source = (
  matrix: Omit<ProbePoint, "count" | "casts"> & Shape,
  products: Source["products"],
): Source => ({...matrix, count: matrix.rows * matrix.columns, casts: [], products});

/** An operand that has been cast. */
interface Operand {
  readonly address: Address;
  /** When the steps that read it have been added. */
  release(): void;
}

const nothing = () => {};

/** Adds the step of a cast whose result lasts until the backward pass, at `place` or in a buffer of its own. */
function castToKeep(
  builder: ProgramBuilder,
  cast: Cast,
  source: Source,
  along: Direction,
  place?: Address,
): Operand {
  if (leavesAsIs(cast)) return {address: source.address, release: nothing};
  const address = place ?? builder.buffer(source.rows * source.columns);
  addCast(builder, cast, source, along, address);
  return {address, release: nothing};
}

/** Adds the step of a cast whose result is read by the steps up to its release; at `place` or in a pooled buffer. */
function castForNow(
  builder: ProgramBuilder,
  cast: Cast,
  source: Source,
  along: Direction,
  place?: Address,
): Operand {
  if (leavesAsIs(cast)) return {address: source.address, release: nothing};
  const count = source.rows * source.columns;
  const address = place ?? builder.acquireScratch(count);
  addCast(builder, cast, source, along, address);
  const release = place === undefined ? () => builder.releaseScratch(address, count) : nothing;
  return {address, release};
}

function addCast(
  builder: ProgramBuilder,
  cast: Cast,
  {address, rows, columns, casts, products}: Source,
  along: Direction,
  output: Address,
): void {
  const shape = {rows, columns};
  const run = operandCast(builder, cast, shape, along);
  casts.push({product: products[along], cast, shape, along, use: run.use});
  builder.step(() => run(address, output));
}
