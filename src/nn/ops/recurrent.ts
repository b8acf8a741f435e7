import {leavesAsIs} from "../../precision/parse-cast.js";
import {type LinearShape, linearGemms, multiplyPlainly} from "../linear-products.js";
import {operandCast} from "../operand-cast.js";
import type {ProgramBuilder} from "../program.js";
import type {BackwardCast, LinearRecipe} from "../recipe.js";
import type {Parameter, Tensor} from "../tensor.js";
import type {LinearScale} from "./linear.js";

/** Multipliers of the output, the same on both passes, and of the gradients of the gates' bias and the initial state. */
export interface RecurrentScale {
  readonly output: number;
  readonly biasGradient: number;
  readonly initialStateGradient: number;
}

/** The parameters of the cell that are not in the product of its input. */
export interface RecurrentParameters {
  /** [width, 2·width], in the order of the gates. */
  readonly state: Parameter;
  /** [2·width] */
  readonly bias: Parameter;
  /** [width] */
  readonly initialState: Parameter;
}

/** Taken from the update gate before its sigmoid, so that the state is mostly kept at first (unit scaling's runs). */
const carryBias = 1;

/**
 * A recurrent highway cell (Zilly and others 2017, arXiv 1607.03474), its depth 1 and its gates coupled, as in the runs
 * of unit scaling:
 *
 * [a, b] = z_t + P1(h_{t−1}) P2(W) + bias,  u = σ(b − 1),  h_t = (1 − u) ⊙ h_{t−1} + u ⊙ tanh(a),  y_t = output · h_t
 *
 * from the initial state. The products of the states are those of a linear layer, of which forward and input gradient are
 * computed and cast position by position, and the weight gradient at once for all.
 *
 * @param z (B·T, 2·width): the product of the input with its own weight
 * @returns (B·T, width)
 */
export function recurrent(
  builder: ProgramBuilder,
  z: Tensor,
  {state, bias, initialState}: RecurrentParameters,
  {
    batch,
    layer,
    scale,
    stateScale,
    recipe,
  }: {batch: number; layer: string; scale: RecurrentScale; stateScale: LinearScale; recipe: LinearRecipe},
): Tensor {
  const {kernels} = builder;
  const [width, gateWidth] = state.shape;
  const context = z.rows / batch;
  const y = builder.tensor(z.rows, width);
  const shape: LinearShape = {rows: batch, fanIn: width, fanOut: gateWidth, groups: 1, transposed: false};
  const forward = linearGemms("forward", shape);
  const weightShape = {rows: width, columns: gateWidth};
  const [stateCount, gateCount] = [batch * width, batch * gateWidth];
  // Position by position, all sequences side by side: the state before each position, and after the last.
  const states = builder.buffer((context + 1) * stateCount);
  const gates = builder.buffer(context * gateCount);
  const stateAt = (t: number) => states + 4 * t * stateCount;
  const gatesAt = (t: number) => gates + 4 * t * gateCount;
  const stateCasts = castsByPosition(
    builder,
    recipe.forwardActivation,
    {rows: batch, columns: width},
    context,
  );
  const keepsCasts = stateCasts && recipe.weightGradientActivation === "forward";
  const castStates = stateCasts && builder.buffer((keepsCasts ? context : 1) * stateCount);
  const operandAt = (t: number) =>
    castStates ? castStates + (keepsCasts ? 4 * t * stateCount : 0) : stateAt(t);
  const weightCast = leavesAsIs(recipe.forwardWeight)
    ? undefined
    : operandCast(builder, recipe.forwardWeight, weightShape, "columns");
  const weight = weightCast ? builder.buffer(state.size) : state.data;

  builder.step(() => {
    weightCast?.(state.data, weight);
    for (let row = 0; row < batch; row++) {
      kernels.scale(initialState.data, 1, states + 4 * row * width, width);
    }
    for (let t = 0; t < context; t++) {
      stateCasts?.[t](stateAt(t), operandAt(t));
      multiplyPlainly(kernels, forward, [operandAt(t), weight, gatesAt(t)], stateScale.output);
      kernels.highwayForward(
        ...([z.data + 4 * t * gateWidth, context * gateWidth, gatesAt(t), bias.data] as const),
        ...([stateAt(t), stateAt(t + 1), y.data + 4 * t * width, context * width] as const),
        ...([batch, width, carryBias, scale.output] as const),
      );
    }
  });
  builder.probe({layer, tensor: "activation", address: states, count: context * stateCount});
  builder.probe({layer, tensor: "weight", address: state.data, count: state.size});

  builder.backward(() => {
    const {gradient} = y;
    const zGradient = builder.acquireGradient(z);
    const gatesGradient = builder.acquireScratch(context * gateCount);
    const [carried, fromGates] = [builder.acquireScratch(stateCount), builder.acquireScratch(stateCount)];
    const gradientCasts = castsByPosition(
      builder,
      recipe.inputGradientGradient,
      {rows: batch, columns: gateWidth},
      context,
    );
    const castGradient = gradientCasts && builder.acquireScratch(gateCount);
    const {inputGradientWeight} = recipe;
    const transposedCast =
      inputGradientWeight === "forward" || leavesAsIs(inputGradientWeight)
        ? undefined
        : operandCast(builder, inputGradientWeight, weightShape, "rows");
    const uncastWeight = inputGradientWeight === "forward" ? weight : state.data;
    const backWeight = transposedCast ? builder.acquireScratch(state.size) : uncastWeight;
    const toInput = linearGemms("input gradient", shape);
    const gatesGradientAt = (t: number) => gatesGradient + 4 * t * gateCount;

    builder.step(() => {
      transposedCast?.(state.data, backWeight);
      kernels.fill(carried, 0, stateCount);
      kernels.fill(fromGates, 0, stateCount);
      for (let t = context - 1; t >= 0; t--) {
        kernels.highwayBackward(
          ...([
            gradient + 4 * t * width,
            context * width,
            gatesAt(t),
            stateAt(t),
            carried,
            fromGates,
          ] as const),
          ...([gatesGradientAt(t), zGradient + 4 * t * gateWidth, context * gateWidth] as const),
          ...([batch, width, scale.output] as const),
        );
        gradientCasts?.[t](gatesGradientAt(t), castGradient!);
        const operands = [castGradient ?? gatesGradientAt(t), backWeight, fromGates] as const;
        multiplyPlainly(kernels, toInput, operands, stateScale.inputGradient);
      }
      kernels.scaledAdd(carried, 1, fromGates, 1, carried, stateCount);
      kernels.columnSums(carried, initialState.gradient, batch, width, scale.initialStateGradient);
      kernels.columnSums(gatesGradient, bias.gradient, z.rows, gateWidth, scale.biasGradient);
    });
    builder.releaseScratch(carried, stateCount);
    builder.releaseScratch(fromGates, stateCount);
    if (castGradient) builder.releaseScratch(castGradient, gateCount);
    if (transposedCast) builder.releaseScratch(backWeight, state.size);

    builder.probe({
      ...{layer, tensor: "activation gradient", address: gatesGradient, count: context * gateCount},
    });
    addWeightGradient();
    builder.probe({layer, tensor: "weight gradient", address: state.gradient, count: state.size});
    builder.releaseScratch(gatesGradient, context * gateCount);
    builder.releaseGradient(y);

    function addWeightGradient(): void {
      const [x, dy] = [keepsCasts ? operandAt(0) : states, gatesGradient];
      const xCast = castOf(recipe.weightGradientActivation, {rows: z.rows, columns: width});
      const dyCast = castOf(recipe.weightGradientGradient, {rows: z.rows, columns: gateWidth});
      const gemms = linearGemms("weight gradient", {...shape, rows: z.rows});
      const castX = xCast ? builder.acquireScratch(z.rows * width) : x;
      builder.step(() => {
        xCast?.(x, castX);
        dyCast?.(dy, dy);
        multiplyPlainly(kernels, gemms, [castX, dy, state.gradient], stateScale.weightGradient);
      });
      if (xCast) builder.releaseScratch(castX, z.rows * width);
    }
  });
  return y;

  function castOf(cast: BackwardCast, shape: {rows: number; columns: number}) {
    if (cast === "forward" || leavesAsIs(cast)) return undefined;
    return operandCast(builder, cast, shape, "columns");
  }
}

/** A cast for each position, with random bits and a history of its own. */
function castsByPosition(
  builder: ProgramBuilder,
  cast: LinearRecipe["forwardActivation"],
  shape: {rows: number; columns: number},
  context: number,
) {
  if (leavesAsIs(cast)) return undefined;
  return Array.from({length: context}, () => operandCast(builder, cast, shape, "rows"));
}
