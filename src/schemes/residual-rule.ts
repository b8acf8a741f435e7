import type {ResidualScale} from "../nn/ops/residual.js";

/** How a residual branch is added to the stream. */
export type ResidualRule = "sum" | "fixed" | "running-mean";

/**
 * The weights of skip and branch (Blake and others 2023, arXiv 2303.11257): `sum` is x + f(x); the other two keep the
 * spread, √(1−τ)·x + √τ·f(x), with τ = `residualWeight` for `fixed`, and 1/(l + 1) in branch l for `running-mean`, so
 * that all branches contribute alike. Gradients are scaled with delay, as unit scaling has it.
 */
export function residualScale(rule: ResidualRule, residualWeight: number, branch: number): ResidualScale {
  if (rule === "sum") return {skip: 1, branch: 1, isDelayed: true};
  const weight = rule === "fixed" ? residualWeight : 1 / (branch + 1);
  return {skip: Math.sqrt(1 - weight), branch: Math.sqrt(weight), isDelayed: true};
}
