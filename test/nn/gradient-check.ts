import type {Kernels} from "../../src/kernels/kernels.js";
import {createProgramBuilder, execute, type ProgramBuilder} from "../../src/nn/program.js";
import type {Parameter, Tensor} from "../../src/nn/tensor.js";

/** A model with input x and output y, for one op. */
export interface OpUnderTest {
  readonly rows: number;
  readonly columns: number;
  readonly parameterCount: number;
  build(builder: ProgramBuilder, x: Tensor): Tensor;
}

/** A directional derivative from the backward pass and by central differences. */
export interface Comparison {
  readonly name: string;
  readonly analytic: number;
  readonly numeric: number;
}

/**
 * Compares the gradient of ⟨y, r⟩ for random r with central differences along random directions, once for the input
 * and once for each parameter. Differences of float32 values at distance h = 2⁻⁷ are exact to about 1e-4.
 */
export function checkGradients(kernels: Kernels, op: OpUnderTest, seed = 1): Comparison[] {
  const memory = kernels.mark();
  const builder = createProgramBuilder(kernels, op.parameterCount, () => {});
  const x = builder.tensor(op.rows, op.columns);
  const y = op.build(builder, x);
  builder.acquireGradient(y);
  const outputGradient = y.gradient;
  const {forward, backward, parameters} = builder.finish();
  const xCount = op.rows * op.columns;
  const yCount = y.rows * y.columns;
  const normal = (count: number, stream: number) => {
    const address = kernels.allocate(count * 4);
    kernels.randomNormal(address, count, 0, 1, seed, stream, 0);
    return kernels.float32(address, count).slice();
  };
  const xValues = normal(xCount, 1);
  const r = normal(yCount, 2);
  const startValues = parameters.map((parameter, i) => {
    const values = normal(parameter.size, 10 + i);
    return parameter.initial.mean === 1 ? values.map((value) => 1 + value / 4) : values;
  });
  const write = (address: number, values: Float32Array) =>
    kernels.float32(address, values.length).set(values);
  const objective = (xNow: Float32Array, weights: Float32Array[]) => {
    write(x.data, xNow);
    parameters.forEach(({data}, i) => {
      write(data, weights[i]);
    });
    execute(forward);
    const out = kernels.float32(y.data, yCount);
    return out.reduce((sum, value, i) => sum + value * r[i], 0);
  };
  const h = 2 ** -7;
  const shifted = (values: Float32Array, direction: Float32Array, sign: number) =>
    values.map((value, i) => value + sign * h * direction[i]);
  const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

  objective(xValues, startValues);
  write(outputGradient, r);
  execute(backward);
  const xGradient = kernels.float32(x.gradient, xCount).slice();
  const gradients = parameters.map(({gradient, size}: Parameter) => kernels.float32(gradient, size).slice());

  const xDirection = normal(xCount, 3);
  const along = (sign: number) => objective(shifted(xValues, xDirection, sign), startValues);
  const results = [
    {name: "input", analytic: inner(xGradient, xDirection), numeric: (along(1) - along(-1)) / (2 * h)},
  ];
  parameters.forEach(({name, size}, i) => {
    const direction = normal(size, 20 + i);
    const alongParameter = (sign: number) =>
      objective(
        xValues,
        startValues.map((values, j) => (j === i ? shifted(values, direction, sign) : values)),
      );
    const numeric = (alongParameter(1) - alongParameter(-1)) / (2 * h);
    results.push({name, analytic: inner(gradients[i], direction), numeric});
  });
  kernels.release(memory);
  return results;
}
