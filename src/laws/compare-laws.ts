import {usageError} from "../errors.js";
import {type FitEvents, fit as fitLaw} from "./fit.js";
import {type DataOptions, fitData, groupsOf} from "./fit-data.js";
import type {FitOptions} from "./fit-problem.js";
import type {FitResult} from "./fit-result.js";
import type {Law} from "./law.js";
import type {RunTable} from "./run-table.js";
import {meanOf, standardDeviation} from "./statistics.js";

/** How well a law predicts runs that it was not fitted to, beside the law that does it best. */
export interface ComparedLaw {
  readonly law: string;
  readonly fit: FitResult;
  /** Constants that the fit was free to choose. */
  readonly freeConstants: number;
  /** Mean of |ln(law) - ln(measured)| over held-out runs; Infinity where the form has no value at one of them. */
  readonly heldOutError: number;
  /**
   * By how much it is larger than that of the best law: the mean over groups of runs, with its standard error. Null for
   * the best law, and where there is no value.
   */
  readonly excess: null | {readonly mean: number; readonly standardError: number};
  /** The best law, or no worse than it by two standard errors. */
  readonly isAmongBest: boolean;
}

/**
 * Fits several laws to the same runs with the same parts held out, and ranks them by the error there, the best first.
 * @throws what `fit` does for any of the laws
 */
export function compareLaws(
  laws: readonly Law[],
  table: RunTable,
  options: FitOptions = {},
  events: FitEvents = {},
): ComparedLaw[] {
  const common = commonOptions(laws, table, options);
  return compareFits(
    table,
    laws.map((law) => fitLaw(law, table, common, events)),
    options,
  );
}

/** Options under which all laws see the same rows: those that any of them cannot use are dropped for all. */
export function commonOptions(laws: readonly Law[], table: RunTable, options: FitOptions): FitOptions {
  const dropped = laws.flatMap((law) => fitData(law, table, options).dropped.map(({row}) => row));
  return {...options, heldOut: options.heldOut ?? {}, droppedRows: [...new Set(dropped)]};
}

/** The ranking, for fits of the same rows of the table with the same parts held out. */
export function compareFits(
  table: RunTable,
  fits: readonly FitResult[],
  {groupBy}: Pick<DataOptions, "groupBy"> = {},
): ComparedLaw[] {
  const [{places, heldOut}] = fits;
  for (const {law, ...other} of fits) {
    const isSame =
      other.heldOut &&
      other.heldOut.folds === heldOut?.folds &&
      other.heldOut.seed === heldOut.seed &&
      other.places.join() === places.join();
    if (!isSame) throw usageError(`${law} cannot be compared: its held-out runs are others`);
  }
  const {groups, groupCount} = groupsOf(table, places, groupBy);
  const ranked = fits
    .map((result) => ({result, errors: result.heldOut!.logErrors.map(Math.abs)}))
    .map((item) => ({...item, error: item.errors.every(Number.isFinite) ? meanOf(item.errors) : Infinity}))
    .sort((a, b) => a.error - b.error);
  const [best] = ranked;
  return ranked.map(({result, errors, error}) => {
    const excess =
      result === best.result || error === Infinity ? null : excessOf(errors, best.errors, groups, groupCount);
    return {
      law: result.law,
      fit: result,
      freeConstants: result.freeConstants,
      heldOutError: error,
      excess,
      isAmongBest: result === best.result || (excess !== null && excess.mean <= 2 * excess.standardError),
    };
  });
}

/** Runs of a group share their noise, so groups are what is averaged over. */
function excessOf(
  errors: readonly number[],
  best: readonly number[],
  groups: Int32Array,
  groupCount: number,
): {mean: number; standardError: number} {
  const sums = new Float64Array(groupCount);
  const counts = new Float64Array(groupCount);
  errors.forEach((error, i) => {
    sums[groups[i]] += error - best[i];
    counts[groups[i]] += 1;
  });
  const means = sums.map((sum, group) => sum / counts[group]);
  return {mean: meanOf(means), standardError: standardDeviation(means) / Math.sqrt(groupCount)};
}
