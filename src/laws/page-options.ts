import type {FitOptions} from "./fit.js";
import type {Law} from "./law.js";

/** Starts of a fit on the page: enough that several reach the best, few enough that dropping a run is answered at once. */
const starts = 40;

/** Rows and starts from which one fit takes minutes, so that large tables get fewer of them. */
const mostWork = 2e6;
const leastStarts = 5;

/** How the page on laws fits: what its recorded fits were made with, too. */
export const pageOptions = (law: Law, rows: number, droppedRows: readonly number[] = []): FitOptions => ({
  ...{droppedRows, dropInvalid: true, tied: law.tied},
  starts: Math.max(leastStarts, Math.min(starts, Math.floor(mostWork / rows))),
});
