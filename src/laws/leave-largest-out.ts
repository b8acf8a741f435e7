import type {FitProblem} from "./fit-problem.js";

const defaultShare = 0.1;

/**
 * Which rows are those of the largest compute: from the largest downwards, rows of equal compute together, until they are
 * the wanted part. None where the table does not tell compute, or where all rows would be.
 */
export function largestCompute({data, options}: FitProblem): readonly boolean[] {
  const share = options.leaveLargestOut?.share ?? defaultShare;
  const sorted = data.compute.toSorted((a, b) => b - a);
  const threshold = sorted[Math.max(0, Math.ceil(share * data.rows) - 1)];
  const isLargest = [...data.compute].map((compute) => compute >= threshold * (1 - 1e-9));
  return isLargest.every(Boolean) ? isLargest.map(() => false) : isLargest;
}
