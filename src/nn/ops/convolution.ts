import type {ProgramBuilder} from "../program.js";
import type {Parameter, Tensor} from "../tensor.js";
import {type LinearOptions, linear} from "./linear.js";

/**
 * Causal convolution over the positions of each sequence, zero before it begins: with k = kernelSize and channels in g
 * groups of width/g, of which each sees its own,
 *
 * y[b, t, o] = output · Σ_{j < k} Σ_c x[b, t − (k − 1) + j, c] · W[j, c, o]
 *
 * with c over the channels of o's group. It is a linear layer over what each position sees, in groups, and is rounded as
 * one: every product sums within a group, so that blocks of values with a common scale, which lie along the sum, end with
 * the group, as they would if each were a layer of its own. Forward these are values that a position sees of a group, for
 * the input gradient a group's outputs, and for the weight gradient positions. A scale of a tensor is one for all groups.
 *
 * @param x (B·T, width)
 * @param weight [k · width/g, outputs]: rows in the order (j, c), columns group by group
 * @returns (B·T, outputs)
 */
export function convolution(
  builder: ProgramBuilder,
  x: Tensor,
  weight: Parameter,
  {
    batch,
    kernelSize,
    groups,
    ...options
  }: LinearOptions & {readonly batch: number; readonly kernelSize: number; readonly groups: number},
): Tensor {
  return linear(builder, unfold(builder, x, {batch, kernelSize, groups}), weight, {...options, groups});
}

/** (B·T, width) → (B·T, groups · kernelSize · width/groups), what the convolution sees from each position. */
function unfold(
  builder: ProgramBuilder,
  x: Tensor,
  {batch, kernelSize, groups}: {batch: number; kernelSize: number; groups: number},
): Tensor {
  const {kernels} = builder;
  const y = builder.tensor(x.rows, x.columns * kernelSize);
  const shape = [batch, x.rows / batch, groups, x.columns / groups, kernelSize] as const;

  builder.step(() => kernels.unfold(x.data, y.data, ...shape));

  builder.backward(() => {
    const {gradient} = y;
    const xGradient = builder.acquireGradient(x);
    builder.step(() => kernels.fold(gradient, xGradient, ...shape));
    builder.releaseGradient(y);
  });
  return y;
}
