import {measuredStep} from "../measured-step.js";
import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Weights of the two summands of a residual connection. */
export interface ResidualScale {
  readonly skip: number;
  readonly branch: number;
  /** Whether the branch's weight is applied where the branch begins on the way back, not where it ends. */
  readonly isDelayed: boolean;
}

/**
 * y = skip · x + branch · f(x), and ∂x = skip · ∂y + branch · f′(x)ᵀ ∂y. With delayed scaling (Blake et al. 2023,
 * arXiv 2303.11257) gradients inside the branch keep their scale: ∂x is the same, and the parameters inside f get their
 * gradients divided by `branch`.
 */
export function residual(
  builder: ProgramBuilder,
  x: Tensor,
  applyBranch: (x: Tensor) => Tensor,
  {skip, branch, isDelayed}: ResidualScale,
): Tensor {
  const {kernels} = builder;
  const count = x.rows * x.columns;
  const y = builder.tensor(x.rows, x.columns);

  builder.backward(() => {
    const branchGradient = x.gradient;
    const {gradient} = y;
    const weight = isDelayed ? branch : 1;
    x.gradientMagnitude = measuredStep(builder, () =>
      kernels.scaledAdd(gradient, skip, branchGradient, weight, gradient, count),
    );
    builder.releaseGradient(x);
    x.gradient = gradient;
  });
  x.dataShared = true;
  const f = applyBranch(x);
  builder.step(() => kernels.scaledAdd(x.data, skip, f.data, branch, y.data, count));
  builder.backward(() => {
    if (isDelayed || branch === 1) {
      f.gradient = y.gradient;
      f.gradientShared = true;
      f.gradientMagnitude = y.gradientMagnitude;
      return;
    }
    const {gradient} = y;
    const branchGradient = builder.acquireGradient(f);
    builder.step(() => kernels.scale(gradient, branch, branchGradient, count));
  });
  return y;
}
