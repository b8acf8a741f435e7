import {commonOptions, compareFits} from "./compare-laws.js";
import {type FitOptions, type FitResult, fit as fitLaw} from "./fit.js";
import type {Law} from "./law.js";
import type {RunTable} from "./run-table.js";
import {meanOf} from "./statistics.js";

/** How well one form predicts runs that its constants have not seen. */
export interface FormError {
  /** Name of the law. */
  readonly law: string;
  /** Constants that were free. */
  readonly constants: number;
  /** Mean of |ln(law) - ln(measured)| of runs left out of the fit, and of those in it; null where there is no fit. */
  readonly heldOut: number | null;
  readonly inSample: number | null;
  /** The best form, or no worse than it by two standard errors. */
  readonly isAmongBest: boolean;
  /** Why there is no fit. */
  readonly problem?: string;
}

/** Parts that the runs are dealt to, each of which is held out once. */
const folds = 5;

/** Starts of each fit: folds are searched from the best of all runs. */
const mostStarts = 20;

/** Sizes from which on whole sizes are held out: a law is asked for sizes that it has not seen. */
const leastSizes = 10;

/** All forms with the same parts held out, the best first; those that cannot be fitted last, with the reason. */
export function compareForms(
  laws: readonly Law[],
  table: RunTable,
  options: FitOptions = {},
  {onProgress = () => {}}: {onProgress?: (done: number, of: number) => void} = {},
): FormError[] {
  const groupBy = hasManySizes(table) ? undefined : [];
  const starts = Math.min(mostStarts, typeof options.starts === "number" ? options.starts : mostStarts);
  const common = commonOptions(laws, table, {...options, groupBy, starts, heldOut: {folds}});
  const fits: FitResult[] = [];
  const failed: FormError[] = [];
  laws.forEach((law, i) => {
    onProgress(i, laws.length);
    try {
      fits.push(fitLaw(law, table, {...common, tied: law.tied}));
    } catch (error) {
      const problem = (error as Error).message;
      failed.push({
        ...{law: law.name, constants: law.constants.length, heldOut: null, inSample: null},
        ...{isAmongBest: false, problem},
      });
    }
  });
  const ranked = fits.length === 0 ? [] : compareFits(table, fits, {groupBy});
  return [
    ...ranked.map(({law, fit, freeConstants, heldOutError, isAmongBest}) => ({
      ...{law, constants: freeConstants, isAmongBest},
      heldOut: Number.isFinite(heldOutError) ? heldOutError : null,
      inSample: meanOf(fit.logResiduals.map(Math.abs)),
    })),
    ...failed,
  ];
}

/** Whether there are so many different pairs of N and D that whole sizes are held out. */
export function hasManySizes({rows, columns: {parameters, tokens}}: RunTable): boolean {
  const sizes = new Set<string>();
  for (let row = 0; row < rows && sizes.size < leastSizes; row++) {
    sizes.add(`${parameters?.[row]} ${tokens?.[row]}`);
  }
  return sizes.size >= leastSizes;
}
