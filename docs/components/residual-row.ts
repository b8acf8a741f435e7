/** One place in a stack of residual branches under one rule: a row of `loaders/residual-rules.arrow`. */
export interface ResidualRow {
  readonly rule: string;
  /** τ of the rule `fixed`; 0 for the others. */
  readonly tau: number;
  /** 0 is the input of the stack. */
  readonly branch: number;
  /** Of the stream after the branch. */
  readonly spread: number;
  readonly spread_theory: number;
  /** Of the variance of the final stream, what this branch, or the input, brings. */
  readonly share: number;
  readonly share_theory: number;
}

/** How a rule with its τ is named. */
export function residualTitle({rule, tau}: Pick<ResidualRow, "rule" | "tau">): string {
  if (rule === "sum") return "plain sum";
  return rule === "fixed" ? `fixed, τ = ${tau}` : "running mean";
}
