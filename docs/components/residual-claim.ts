import {percentage} from "./percentage.js";
import type {ResidualRow} from "./residual-row.js";

/** What the rules make of the stack of branches, in numbers. */
export function residualClaim(rows: readonly ResidualRow[]): string {
  const at = (rule: string, branch: number, tau?: number) =>
    rows.find((row) => row.rule === rule && row.branch === branch && (tau === undefined || row.tau === tau));
  const branches = Math.max(...rows.map(({branch}) => branch));
  const sum = at("sum", branches);
  const large = Math.max(...rows.map(({tau}) => tau));
  const small = Math.min(...rows.filter(({tau}) => tau > 0).map(({tau}) => tau));
  const [last, input] = [at("fixed", branches, large), at("fixed", 0, small)];
  if (!sum || !last || !input) return "What each rule makes of a stack of residual branches.";
  return (
    `After ${branches} branches the plain sum has a spread of ${sum.spread.toFixed(1)}; the weighted rules stay near 1. ` +
    `They differ in who is heard at the end: under the fixed rule with τ = ${large} the last branch alone brings ` +
    `${percentage(last.share)} of the variance, with τ = ${small} the input still has ${percentage(input.share)}, and the ` +
    `running mean gives all the same share, as the plain sum does`
  );
}
