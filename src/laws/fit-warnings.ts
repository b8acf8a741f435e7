import {type Estimates, isSensed} from "./estimates.js";
import type {FitProblem} from "./fit-problem.js";
import type {FitResult} from "./fit-result.js";
import {listed} from "./listed.js";
import {variables} from "./variables.js";

/** What a reader of a fit should know, each as one sentence. */
export function warningsOf(
  problem: FitProblem,
  result: Omit<FitResult, "warnings">,
  {curvature, unbounded, wandering}: Estimates,
): string[] {
  const {law, objective, data} = problem;
  const {free} = objective.coordinates;
  const {size} = objective;
  const nameOf = (j: number) => free[j].names.join(" = ");
  const warnings: string[] = [];

  if (data.rows <= size)
    warnings.push(
      `${data.rows} ${data.rows === 1 ? "run" : "runs"} cannot tell the ${size} free constants of ${law.name}: it takes ${size + 1} at least.`,
    );
  else if (data.rows < 2 * size)
    warnings.push(`${data.rows} runs for ${size} free constants are few: intervals may be too narrow.`);
  for (const name of singleValued(problem))
    warnings.push(`All runs have the same ${name}: what depends on it cannot be told.`);
  const unseen = free.flatMap((_, j) => (isSensed(curvature, j) ? [] : [j]));
  if (unseen.length)
    warnings.push(
      `${listed(unseen.map(nameOf))} ${are(unseen)} not identified: no prediction depends on ${it(unseen)}.`,
    );
  for (const group of curvature.confounded)
    warnings.push(
      `${listed(group.map(nameOf))} ${are(group)} not identified: the runs are fitted as well by other values${group.length > 1 ? " together" : ""}.`,
    );
  const told = new Set([...unseen, ...curvature.confounded.flat()]);
  for (const [j, {lower, upper, logarithmic}] of free.entries()) {
    if (told.has(j)) continue;
    const of = (value: number) => Number((logarithmic ? Math.exp(value) : value).toPrecision(3));
    const between = (from: number, to: number) => `${of(from)} to ${of(to)}`;
    const range = wandering.get(j);
    if (range)
      warnings.push(
        `${nameOf(j)} is not identified: starts reach the same objective with values from ${between(...range)}.`,
      );
    else if (result.constants[free[j].places[0]].atBound)
      warnings.push(
        `${nameOf(j)} is not identified: the best value is a bound of the search (${between(lower, upper)}).`,
      );
    else if (unbounded.includes(j))
      warnings.push(
        `${nameOf(j)} is not identified: its interval reaches a bound of the search (${between(lower, upper)}).`,
      );
  }
  if (result.starts.best === 1 && result.starts.count > 4)
    warnings.push(
      `Only one of ${result.starts.count} starts reached the best fit: there may be a better one.`,
    );
  if (result.bootstrap?.by === "group" && data.groupCount < 8)
    warnings.push(`Intervals from ${data.groupCount} groups are rough.`);
  if (data.dropped.length) warnings.push(droppedText(data.dropped));
  return warnings;
}

/** Variables of the law that have one value in all runs, "not rounded" included. */
function singleValued({law, data}: FitProblem): string[] {
  return law.variables
    .filter((_, k) => {
      for (let i = 1; i < data.rows; i++)
        if (data.inputs[i * data.width + k] !== data.inputs[k]) return false;
      return true;
    })
    .map((name) => variables[name].title.toLowerCase());
}

function droppedText(dropped: FitResult["dropped"]): string {
  const reasons = [...new Set(dropped.map(({reason}) => reason))];
  const which = reasons.length === 1 ? reasons[0] : `such as "${reasons[0]}"`;
  return `${dropped.length} ${dropped.length === 1 ? "row is" : "rows are"} not used: ${which}.`;
}

const are = (group: readonly unknown[]) => (group.length === 1 ? "is" : "are");
const it = (group: readonly unknown[]) => (group.length === 1 ? "it" : "them");
