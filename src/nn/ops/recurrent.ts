import {usageError} from "../../errors.js";
import {isRowByRow} from "../../precision/apply-cast.js";
import {leavesAsIs} from "../../precision/parse-cast.js";
import {addProduct} from "../add-product.js";
import {clipGradients} from "../clip-gradients.js";
import type {LinearShape} from "../linear-products.js";
import {castForNow, castToKeep, source} from "../operand.js";
import {isSameOperand, operandChoices} from "../operand-choices.js";
import type {ProgramBuilder} from "../program.js";
import type {LinearRecipe} from "../recipe.js";
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
  const positions = Array.from({length: context}, (_, t) => t);
  const y = builder.tensor(z.rows, width);
  const shape: LinearShape = {rows: batch, fanIn: width, fanOut: gateWidth, groups: 1, transposed: false};
  const {p1, p2, p3, p4, p5, p6} = operandChoices(recipe, false);
  const isClipped = recipe.straightThrough === "clipped";
  const [stateCount, gateCount] = [batch * width, batch * gateWidth];
  // Position by position, all sequences side by side: the state before each position, and after the last.
  const states = builder.buffer((context + 1) * stateCount);
  const gates = builder.buffer(context * gateCount);
  const stateAt = (t: number) => states + 4 * t * stateCount;
  const gatesAt = (t: number) => gates + 4 * t * gateCount;

  const ofStates = (address: number, rows: number) =>
    source({layer, tensor: "activation", address, rows, columns: width}, {
      ...{rows: "forward", columns: "weight gradient"},
    } as const);
  const [allStates, stateSources] = [
    ofStates(states, z.rows),
    positions.map((t) => ofStates(stateAt(t), batch)),
  ];
  const wSource = source(
    {layer, tensor: "weight", address: state.data, rows: width, columns: gateWidth},
    {rows: "input gradient", columns: "forward"},
  );
  // What the forward products read, for the weight gradient, if that asks for nothing else.
  const isForward = recipe.weightGradientActivation === "forward";
  const isReadAgain = isForward && !p1.asElements && !p6.asElements;
  if (isForward && !isReadAgain && !isRowByRow(p1.cast)) {
    throw usageError(
      `weightGradientActivation: "forward" does not go with matrix units in a recurrent layer: its states are cast position by position, and ${p1.cast.text} would cast them differently all at once`,
    );
  }
  const castStates = isReadAgain && !leavesAsIs(p1.cast) ? builder.buffer(context * stateCount) : undefined;

  builder.probe(wSource);
  const weights = isSameOperand(p2, p4) ? castToKeep(builder, wSource, p2) : castForNow(builder, wSource, p2);
  builder.step(() => {
    for (let row = 0; row < batch; row++) {
      kernels.scale(initialState.data, 1, states + 4 * row * width, width);
    }
  });
  const stateOperands = positions.map((t) => {
    const place = castStates && castStates + 4 * t * stateCount;
    const input = castForNow(builder, stateSources[t], {...p1, place});
    addProduct(
      builder,
      {recipe, product: "forward", shape},
      {a: input, b: weights, c: gatesAt(t), count: gateCount, factor: stateScale.output},
    );
    input.release();
    builder.step(() =>
      kernels.highwayForward(
        ...([z.data + 4 * t * gateWidth, context * gateWidth, gatesAt(t), bias.data] as const),
        ...([stateAt(t), stateAt(t + 1), y.data + 4 * t * width, context * width] as const),
        ...([batch, width, carryBias, scale.output] as const),
      ),
    );
    return input;
  });
  weights.release();
  // Probes repeat the cast of the first position on all of them.
  for (const cast of stateSources[0].casts) {
    allStates.casts.push({...cast, shape: {rows: z.rows, columns: width}});
  }
  builder.probe(allStates);

  builder.backward(() => {
    const {gradient} = y;
    const zGradient = builder.acquireGradient(z);
    const gatesGradient = builder.acquireScratch(context * gateCount);
    const [carried, fromGates] = [builder.acquireScratch(stateCount), builder.acquireScratch(stateCount)];
    const gatesGradientAt = (t: number) => gatesGradient + 4 * t * gateCount;
    const ofGates = (address: number, rows: number) =>
      source({layer, tensor: "activation gradient", address, rows, columns: gateWidth}, {
        ...{rows: "input gradient", columns: "weight gradient"},
      } as const);
    const allGates = ofGates(gatesGradient, z.rows);

    const ws = isSameOperand(p2, p4) ? weights : castForNow(builder, wSource, p4);
    builder.step(() => {
      kernels.fill(carried, 0, stateCount);
      kernels.fill(fromGates, 0, stateCount);
    });
    for (const t of positions.toReversed()) {
      builder.step(() =>
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
        ),
      );
      const gateSource = ofGates(gatesGradientAt(t), batch);
      const zs = castForNow(builder, gateSource, p3);
      addProduct(
        builder,
        {recipe, product: "input gradient", shape},
        {a: zs, b: ws, c: fromGates, count: stateCount, factor: stateScale.inputGradient},
      );
      zs.release();
      if (isClipped) {
        const [operand, source] = [stateOperands[t], stateSources[t]];
        clipGradients(builder, {cast: p1.cast, operand, source, gradient: fromGates});
      }
      if (t === 0) {
        for (const cast of gateSource.casts) {
          allGates.casts.push({...cast, shape: {rows: z.rows, columns: gateWidth}});
        }
      }
    }
    ws.release();
    builder.step(() => {
      kernels.scaledAdd(carried, 1, fromGates, 1, carried, stateCount);
      kernels.columnSums(carried, initialState.gradient, batch, width, scale.initialStateGradient);
      kernels.columnSums(gatesGradient, bias.gradient, z.rows, gateWidth, scale.biasGradient);
    });
    builder.releaseScratch(carried, stateCount);
    builder.releaseScratch(fromGates, stateCount);

    builder.probe(allGates);
    const kept = {address: castStates ?? states, format: p1.cast.element.format, matrices: undefined};
    const xs = isReadAgain ? {...kept, release: () => {}} : castForNow(builder, allStates, p6);
    const ys = castForNow(builder, allGates, {...p5, place: gatesGradient});
    addProduct(
      builder,
      {recipe, product: "weight gradient", shape: {...shape, rows: z.rows}},
      {a: xs, b: ys, c: state.gradient, count: state.size, factor: stateScale.weightGradient},
    );
    xs.release();
    ys.release();
    if (isClipped) {
      const gradient = state.gradient;
      clipGradients(builder, {cast: p2.cast, operand: weights, source: wSource, gradient});
    }
    builder.probe({layer, tensor: "weight gradient", address: state.gradient, count: state.size});
    builder.releaseScratch(gatesGradient, context * gateCount);
    builder.releaseGradient(y);
  });
  return y;
}
