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

/** Builds a layer under a recipe, without scaling constants; each call is one pass. */
export function linearLayer(
  kernels: Kernels,
  recipe: LinearRecipe,
  {n, m, k}: Pick<LayerInput, "n" | "m" | "k">,
): (input: LayerInput, pass?: Partial<Pass>) => LayerOutput {
  const pass = firstPass();
  const builder = createProgramBuilder(kernels, m * k, () => {}, pass);
  const x = builder.tensor(n, m);
  const weight = builder.parameter("weight", [m, k], {mean: 0, spread: 1}, 1);
  const scale = {output: 1, inputGradient: 1, weightGradient: 1};
  const y = linear(builder, x, weight, {layer: "layer", scale, recipe});
  builder.acquireGradient(y);
  const dy = y.gradient;
  const {forward, backward} = builder.finish();
  return (input, now = {}) => {
    Object.assign(pass, now);
    kernels.float32(x.data, n * m).set(input.x);
    kernels.float32(weight.data, m * k).set(input.w);
    execute(forward);
    const result = kernels.float32(y.data, n * k).slice();
    kernels.float32(dy, n * k).set(input.dy);
    execute(backward);
    return {
      y: result,
      dx: kernels.float32(x.gradient, n * m).slice(),
      dw: kernels.float32(weight.gradient, m * k).slice(),
    };
  };
}
