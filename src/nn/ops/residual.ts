import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Weights of the two summands of a residual connection. */
export interface ResidualScale {
  readonly skip: number;
  readonly branch: number;
}

/**
 * y = skip · x + branch · f(x), with delayed scaling (Blake et al. 2023, arXiv 2303.11257): on the way back the factor
 * `branch` is applied where the branch begins, not where it ends, so that gradients inside the branch keep their scale.
 * ∂x = skip · ∂y + branch · f′(x)ᵀ ∂y is the true gradient; the parameters inside f get theirs divided by `branch`.
 */
export function residual(
  builder: ProgramBuilder,
  x: Tensor,
  applyBranch: (x: Tensor) => Tensor,
  {skip, branch}: ResidualScale,
): Tensor {
  const {kernels} = builder;
  const count = x.rows * x.columns;
  const y = builder.tensor(x.rows, x.columns);

  builder.backward(() => {
    const branchGradient = x.gradient;
    const {gradient} = y;
    builder.step(() => kernels.scaledAdd(gradient, skip, branchGradient, branch, gradient, count));
    builder.releaseGradient(x);
    x.gradient = gradient;
  });
  x.dataShared = true;
  const f = applyBranch(x);
  builder.step(() => kernels.scaledAdd(x.data, skip, f.data, branch, y.data, count));
  builder.backward(() => {
    f.gradient = y.gradient;
    f.gradientShared = true;
  });
  return y;
}
