import type {Kernels} from "../../src/kernels/kernels.js";
import {linear} from "../../src/nn/ops/linear.js";
import {createProgramBuilder, execute, firstPass, type Pass} from "../../src/nn/program.js";
import type {LinearRecipe} from "../../src/nn/recipe.js";

/** One linear layer, W (m, k), and its operands. */
export interface LayerInput {
  readonly n: number;
  readonly m: number;
  readonly k: number;
  readonly x: Float32Array;
  readonly w: Float32Array;
  /** ∂L/∂y. */
  readonly dy: Float32Array;
}

export interface LayerOutput {
  readonly y: Float32Array;
  readonly dx: Float32Array;
  readonly dw: Float32Array;
}

/** Builds a layer under a recipe; each call is one pass. W is (m / groups, k), or (k, m) if it is transposed. */
export function linearLayer(
  kernels: Kernels,
  recipe: LinearRecipe,
  {n, m, k}: Pick<LayerInput, "n" | "m" | "k">,
  {groups = 1, transposed = false, factor = 1} = {},
): (input: LayerInput, pass?: Partial<Pass>) => LayerOutput {
  const pass = firstPass();
  const size = (m / groups) * k;
  const builder = createProgramBuilder(kernels, size, () => {}, pass);
  const x = builder.tensor(n, m);
  const weight = builder.parameter("weight", transposed ? [k, m] : [m / groups, k], {mean: 0, spread: 1}, 1);
  const scale = {output: factor, inputGradient: factor, weightGradient: factor};
  const y = linear(builder, x, weight, {layer: "layer", scale, recipe, groups, transposed});
  builder.acquireGradient(y);
  const dy = y.gradient;
  const {forward, backward} = builder.finish();
  return (input, now = {}) => {
    Object.assign(pass, now);
    kernels.float32(x.data, n * m).set(input.x);
    kernels.float32(weight.data, size).set(input.w);
    execute(forward);
    const result = kernels.float32(y.data, n * k).slice();
    kernels.float32(dy, n * k).set(input.dy);
    execute(backward);
    return {
      y: result,
      dx: kernels.float32(x.gradient, n * m).slice(),
      dw: kernels.float32(weight.gradient, size).slice(),
    };
  };
}
