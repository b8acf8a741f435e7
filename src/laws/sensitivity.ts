import type {Estimate} from "./estimates.js";
import type {FitProblem} from "./fit-problem.js";
import {type Outcome, otherDeltas} from "./fit-work.js";
import {constantsAt} from "./starts.js";

/** How much a fit hangs on its delta, and on single groups of runs. */
export interface Sensitivity {
  /** Constants, in the law's order, with other deltas. */
  readonly deltas: readonly {readonly huberDelta: number; readonly constants: readonly number[]}[];
  /** For each group, what its absence changes. */
  readonly groups: readonly Influence[];
}

interface Influence {
  /** Rows of the table. */
  readonly places: readonly number[];
  /** Constants without the group, in the law's order. */
  readonly constants: readonly number[];
  /** The constant that moves most, in its standard errors, among those that are identified; null where none is. */
  readonly largest: null | {readonly name: string; readonly standardErrors: number};
}

export function sensitivityOf(
  problem: FitProblem,
  estimates: readonly Estimate[],
  {deltas, groups}: {readonly deltas: readonly Outcome[]; readonly groups: readonly Outcome[]},
): Sensitivity {
  const {data, objective} = problem;
  const constantsOf = ({point}: Outcome) => [...constantsAt(objective, point)];
  const places = groups.map((): number[] => []);
  data.groups.forEach((group, row) => {
    places[group].push(data.places[row]);
  });
  return {
    deltas: deltas.map((outcome, i) => ({
      huberDelta: otherDeltas(problem)[i],
      constants: constantsOf(outcome),
    })),
    groups: groups.map((outcome, group) => {
      const constants = constantsOf(outcome);
      return {places: places[group], constants, largest: largestMove(estimates, constants)};
    }),
  };
}

function largestMove(estimates: readonly Estimate[], constants: readonly number[]): Influence["largest"] {
  let largest: Influence["largest"] = null;
  estimates.forEach(({name, value, standardError, identified}, i) => {
    if (!identified || !standardError) return;
    const standardErrors = Math.abs(constants[i] - value) / standardError;
    if (!largest || standardErrors > largest.standardErrors) largest = {name, standardErrors};
  });
  return largest;
}
