import {usageError} from "../errors.js";
import {type ConstantOptions, coordinatesOf} from "./coordinates.js";
import {type DataOptions, type FitData, fitData} from "./fit-data.js";
import type {Law} from "./law.js";
import {type Objective, objectiveOf} from "./objective.js";
import {shuffled, uniforms} from "./random.js";
import type {RunTable} from "./run-table.js";
import {type StartOptions, type Starts, startsOf} from "./starts.js";

export interface BootstrapOptions {
  readonly replicates: number;
  /** Draws single runs, or whole groups (by default of equal N and D). */
  readonly by?: "run" | "group";
  readonly seed?: number;
}

export interface HeldOutOptions {
  /** Groups (by default of equal N and D) are dealt to so many parts, each of which is held out once. */
  readonly folds?: number;
  readonly seed?: number;
}

export interface LeaveLargestOutOptions {
  /** At least this part of the runs, those of the largest compute 6·N·D, is left out. */
  readonly share?: number;
}

/** What can be sent to another thread: everything but functions. */
export interface FitOptions extends DataOptions, ConstantOptions, StartOptions {
  /** Residuals of ln(loss) beyond this count by their size instead of their square. */
  readonly huberDelta?: number;
  /** What intervals claim to cover. */
  readonly confidence?: number;
  readonly bootstrap?: BootstrapOptions;
  readonly heldOut?: HeldOutOptions;
  readonly leaveLargestOut?: LeaveLargestOutOptions;
  /** Fits again with other deltas, and without each group in turn. */
  readonly sensitivity?: boolean;
}

/** A law, the runs as it sees them, and where searches start. */
export interface FitProblem {
  readonly law: Law;
  readonly table: RunTable;
  readonly options: FitOptions;
  readonly data: FitData;
  readonly objective: Objective;
  readonly starts: Starts;
  /** Weights of the runs that searches from the starts see: of a large table, a sample. */
  readonly startWeights: Float64Array;
  readonly isSampled: boolean;
  /** For each row, the part that it is held out with; undefined where nothing is held out. */
  readonly folds: Int32Array | undefined;
  readonly foldCount: number;
}

/** @throws what `fitData` and `coordinatesOf` do, and usage errors for options outside their range */
export function fitProblem(law: Law, table: RunTable, options: FitOptions = {}): FitProblem {
  const {huberDelta = 1e-3, confidence = 0.95, starts, bootstrap, heldOut} = options;
  if (!(huberDelta > 0)) throw usageError(`huberDelta is ${huberDelta}, and has to be above 0`);
  if (!(confidence > 0 && confidence < 1))
    throw usageError(`confidence is ${confidence}, and has to lie between 0 and 1`);
  if (typeof starts === "number") mustBeCount("starts", starts, 1);
  if (bootstrap) mustBeCount("replicates", bootstrap.replicates, 2);
  const coordinates = coordinatesOf(law, options);
  const data = fitData(law, table, options);
  const objective = objectiveOf(law, data, coordinates, huberDelta);
  const startWeights = sampleOf(data, options.seed ?? 0);
  const foldCount = heldOut ? Math.min(heldOut.folds ?? 5, data.groupCount) : 0;
  if (heldOut) mustBeCount("folds", heldOut.folds ?? 5, 2);
  return {
    ...{law, table, options, data, objective, foldCount},
    starts: startsOf(objective, startWeights, options),
    ...{startWeights, isSampled: startWeights !== data.weights},
    folds: heldOut && foldsOf(data, foldCount, heldOut.seed ?? 0),
  };
}

function mustBeCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw usageError(`${name} is ${value}, and has to be a whole number from ${least}`);
}

/** Starts in tables of more runs than this are searched from on a sample of about so many. */
const mostRows = 5000;

function sampleOf({rows, weights}: FitData, seed: number): Float64Array {
  if (rows <= mostRows) return weights;
  const uniform = uniforms(seed, "starts");
  return weights.map((weight, row) => (uniform(0xffffffff, row) < mostRows / rows ? weight : 0));
}

/** Groups in random order are dealt to the parts in turn. */
function foldsOf({groups, groupCount}: FitData, folds: number, seed: number): Int32Array {
  const foldOfGroup = new Int32Array(groupCount);
  shuffled(groupCount, uniforms(seed, "folds"), 0).forEach((group, i) => {
    foldOfGroup[group] = i % folds;
  });
  return groups.map((group) => foldOfGroup[group]);
}
