import type {Kernels} from "../../src/kernels/kernels.js";
import {createProgramBuilder, execute, type ProgramBuilder} from "../../src/nn/program.js";
import type {Parameter, Tensor} from "../../src/nn/tensor.js";

export interface Spreads {
  readonly output: number;
  readonly inputGradient: number;
  readonly parameterGradient: number;
  readonly values: Float32Array;
}

/** What an op makes of a unit-normal input and a unit-normal gradient of its output. */
export function spreadsOf(
  kernels: Kernels,
  [rows, columns]: readonly [number, number],
  build: (builder: ProgramBuilder, x: Tensor) => Tensor,
  parameterCount = 0,
): Spreads {
  const memory = kernels.mark();
  const builder = createProgramBuilder(kernels, parameterCount, () => {});
  const x = builder.tensor(rows, columns);
  const y = build(builder, x);
  const gradient = builder.acquireGradient(y);
  const program = builder.finish();
  const yCount = y.rows * y.columns;
  kernels.randomNormal(x.data, rows * columns, 0, 1, 1, 1, 0);
  kernels.randomNormal(gradient, yCount, 0, 1, 1, 2, 0);
  const [parameter] = program.parameters as readonly (Parameter | undefined)[];
  if (parameter) kernels.randomNormal(parameter.data, parameter.size, 0, 1, 1, 3, 0);
  execute(program.forward);
  const values = kernels.float32(y.data, yCount).slice();
  execute(program.backward);
  const result = {
    output: spread(values),
    inputGradient: spread(kernels.float32(x.gradient, rows * columns)),
    parameterGradient: parameter ? spread(kernels.float32(parameter.gradient, parameter.size)) : Number.NaN,
    values,
  };
  kernels.release(memory);
  return result;
}

/** Standard deviation around the mean. */
export function spread(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/**
 * Four standard errors of the spread of a product of unit-normal matrices, (n, m)·(m, k): the mean of its squares is
 * one of n·k outputs that share m·k weights and n·m inputs, and a spread varies half as much as a variance.
 */
export const productTolerance = (n: number, m: number, k: number) =>
  4 * 0.5 * Math.sqrt(2 * (1 / (n * k) + 1 / (n * m) + 1 / (m * k)));
