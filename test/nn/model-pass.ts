import type {Kernels} from "../../src/kernels/kernels.js";
import {languageModel} from "../../src/nn/language-model.js";
import {countParameters, type ModelShape} from "../../src/nn/model-shape.js";
import {createProgramBuilder, execute, type ProbePoint} from "../../src/nn/program.js";
import type {Scheme} from "../../src/nn/scheme.js";
import {recipeOf} from "../../src/recipes/index.js";

/** One forward and backward pass from normal initial weights, or from those given. */
export function modelPass(
  kernels: Kernels,
  shape: ModelShape,
  scheme: Scheme,
  {weights}: {weights?: Float32Array} = {},
) {
  const memory = kernels.mark();
  const count = shape.batch * shape.context;
  const tokens = kernels.allocate(count * 4);
  const targets = kernels.allocate(count * 4);
  for (let i = 0; i < count; i++) {
    kernels.int32(tokens, count)[i] = kernels.randomBits(1, 1, 0, i) % shape.vocabulary;
    kernels.int32(targets, count)[i] = kernels.randomBits(1, 2, 0, i) % shape.vocabulary;
  }
  const spreads = new Map<string, number>();
  const onProbe = ({layer, tensor, address, count}: ProbePoint) => {
    spreads.set(`${layer} ${tensor}`, Math.sqrt(kernels.sumOfSquares(address, count) / count));
  };
  const builder = createProgramBuilder(kernels, countParameters(shape), onProbe);
  let loss = Number.NaN;
  languageModel(
    builder,
    shape,
    {scheme, recipe: recipeOf({recipe: "fp32"})},
    {
      tokens,
      targets,
      onLoss: (value) => {
        loss = value;
      },
    },
  );
  const program = builder.finish();
  program.parameters.forEach(({data, size, initial}, i) => {
    if (initial.spread === 0) kernels.fill(data, initial.mean, size);
    else kernels.randomNormal(data, size, initial.mean, initial.spread, 7, i, 0);
  });
  const total = countParameters(shape);
  const start = program.parameters[0].data;
  if (weights) kernels.float32(start, total).set(weights);
  execute(program.probedForward);
  execute(program.probedBackward);
  const result = {
    loss,
    spreads,
    weights: kernels.float32(start, total).slice(),
    gradients: program.parameters.map(({name, gradient, size}) => ({
      name,
      values: kernels.float32(gradient, size).slice(),
    })),
  };
  kernels.release(memory);
  return result;
}
