import * as aq from "arquero";
import {createKernels, type Kernels} from "../src/kernels/kernels.js";
import {gptParts} from "../src/nn/model-shape.js";
import {layerNorm} from "../src/nn/ops/layer-norm.js";
import {linear} from "../src/nn/ops/linear.js";
import {type ResidualScale, residual} from "../src/nn/ops/residual.js";
import {createProgramBuilder, execute, type ProgramBuilder} from "../src/nn/program.js";
import {linearRecipe} from "../src/nn/recipe.js";
import type {Tensor} from "../src/nn/tensor.js";
import {recipeOf} from "../src/recipes/index.js";
import {type ResidualRule, residualScale} from "../src/schemes/residual-rule.js";
import {unit} from "../src/schemes/unit.js";

const width = 256;
const rows = 128;
const branches = 32;
const exact = linearRecipe(recipeOf({recipe: "fp32"}), "branch", 1);

/** The rules that are compared; τ is without effect but for `fixed`. */
export const residualRules: readonly {rule: ResidualRule; tau: number}[] = [
  {rule: "sum", tau: 0},
  {rule: "running-mean", tau: 0},
  {rule: "fixed", tau: 0.5},
  {rule: "fixed", tau: 0.1},
  {rule: "fixed", tau: 0.02},
];

/**
 * A stack of residual branches at initialization, each a norm and a product that writes with spread 1, under each rule:
 * rule, tau, branch (0 for the input of the stack), the spread of the stream after it (spread, spread_theory), and the
 * share of the final stream's variance that this branch alone brings (share, share_theory).
 */
export async function residualRulesTable() {
  const kernels = await createKernels();
  return aq.from(residualRules.flatMap(({rule, tau}) => rowsOf(kernels, rule, tau)));
}

function rowsOf(kernels: Kernels, rule: ResidualRule, tau: number) {
  const memory = kernels.mark();
  const {streams, outputs} = runStack(kernels, (branch) => residualScale(rule, tau, branch));
  const values = ({data}: Tensor) => kernels.float32(data, rows * width);
  const last = values(streams[branches]);
  const variance = inner(last, last);
  // The stream is a sum of parts that are independent of each other: a part's share is that of its projection.
  const measured = streams.map((stream, branch) => {
    const part = values(branch === 0 ? stream : outputs[branch - 1]);
    const along = inner(part, last);
    return {
      ...{rule, tau, branch, spread: Math.sqrt(inner(values(stream), values(stream)) / (rows * width))},
      share: along ** 2 / (inner(part, part) * variance),
    };
  });
  kernels.release(memory);
  const theory = inTheory((branch) => residualScale(rule, tau, branch));
  return measured.map((row, branch) => ({...row, ...theory[branch]}));
}

type Scale = (branch: number) => ResidualScale;

/** A stack over normal values of spread 1: the streams before the first branch and after each, and what branches write. */
function runStack(kernels: Kernels, scale: Scale) {
  const builder = createProgramBuilder(kernels, branches * (width * width + 2 * width), () => {});
  const outputs: Tensor[] = [];
  const streams = [builder.tensor(rows, width)];
  for (let branch = 1; branch <= branches; branch++) {
    const apply = (x: Tensor) => {
      const output = branchOf(builder, x);
      outputs.push(output);
      return output;
    };
    streams.push(residual(builder, streams[branch - 1], apply, scale(branch)));
  }
  builder.acquireGradient(streams[branches]);
  const {forward, parameters} = builder.finish();
  kernels.randomNormal(streams[0].data, rows * width, 0, 1, 1, 1, 0);
  for (const [i, {data, size, initial}] of parameters.entries()) {
    if (initial.spread === 0) kernels.fill(data, initial.mean, size);
    else kernels.randomNormal(data, size, 0, initial.spread, 1, 2 + i, 0);
  }
  execute(forward);
  return {streams, outputs};
}

/** A norm, and a product under unit scaling: both keep the spread. */
function branchOf(builder: ProgramBuilder, x: Tensor): Tensor {
  const vector = (name: string, mean: number) => builder.parameter(name, [width], {mean, spread: 0}, 1);
  const normalized = layerNorm(
    builder,
    x,
    {gain: vector("gain", 1), bias: vector("bias", 0)},
    {parameterGradient: 1},
  );
  const weight = builder.parameter("weight", [width, width], {mean: 0, spread: 1}, 1);
  const scale = scheme.linear("attention output", {fanIn: width, fanOut: width}, shape);
  return linear(builder, normalized, weight, {layer: "branch", scale, recipe: exact});
}

const scheme = unit({residual: "fixed", residualWeight: 0.5, constraint: "geometric-mean"});
const shape = {...gptParts, layers: 1, width, heads: 4, context: rows, batch: 1, vocabulary: 64};

/** Spread and shares of independent branches that all write with spread 1. */
function inTheory(scale: Scale): {spread_theory: number; share_theory: number}[] {
  const variances = [1];
  let parts = [1];
  for (let branch = 1; branch <= branches; branch++) {
    const {skip, branch: weight} = scale(branch);
    parts = [...parts.map((part) => part * skip * skip), weight * weight];
    variances.push(parts.reduce((sum, part) => sum + part, 0));
  }
  return variances.map((variance, branch) => ({
    spread_theory: Math.sqrt(variance),
    share_theory: parts[branch] / variances[branches],
  }));
}

function inner(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
