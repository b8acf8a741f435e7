import type {ProbedTensor} from "../src/nn/program.js";
import type {HealthRow} from "./health-row.js";

/** Where two runs are compared: the spread of tensors, or what the casts lose of them. */
export type PartingMeasure = "spread" | "lost";

/** One tensor at one step, in both runs. */
export interface Difference {
  readonly step: number;
  readonly depth: number;
  readonly layer: string;
  readonly tensor: ProbedTensor;
  readonly a: number;
  readonly b: number;
  /**
   * How far the runs are apart: of spreads the larger over the smaller, less one; of lost shares their difference. Of
   * sign minus where `b` is larger.
   */
  readonly difference: number;
}

/** In the order in which a step computes them: on the way forward the input of a layer, then its weights. */
const tensors = ["activation", "weight", "activation gradient", "weight gradient"] as const;

/**
 * How every tensor differs between two runs of one scheme, at all steps that both have reached, in the order in which
 * training computes them: step by step, forward through the layers, then backward.
 * @param steps at which the lists of the rows were measured
 */
export function differences(
  a: readonly HealthRow[],
  b: readonly HealthRow[],
  {steps, measure}: {steps: readonly number[]; measure: PartingMeasure},
): Difference[] {
  const inOrder = [...a].sort((x, y) => computationOrder(x, y));
  const partners = new Map(b.map((row) => [`${row.layer}/${row.tensor}`, row]));
  return steps.flatMap((step, i) =>
    inOrder.flatMap((row) => {
      const partner = partners.get(`${row.layer}/${row.tensor}`);
      if (!partner || i >= row.spread.length || i >= partner.spread.length) return [];
      const values = {a: valueAt(row, i, measure), b: valueAt(partner, i, measure)};
      const {depth, layer, tensor} = row;
      return [{step, depth, layer, tensor, ...values, difference: apart(values, measure)}];
    }),
  );
}

/** The first tensor in the order of computation whose difference exceeds the threshold. */
export const firstParting = (differences: readonly Difference[], threshold: number): Difference | undefined =>
  differences.find(({difference}) => Math.abs(difference) > threshold);

const isBackward = (tensor: ProbedTensor): boolean => tensors.indexOf(tensor) >= 2;

function computationOrder(x: HealthRow, y: HealthRow): number {
  const backward = Number(isBackward(x.tensor)) - Number(isBackward(y.tensor));
  if (backward !== 0) return backward;
  const depth = isBackward(x.tensor) ? y.depth - x.depth : x.depth - y.depth;
  return depth || tensors.indexOf(x.tensor) - tensors.indexOf(y.tensor);
}

/** A cast that does not take place loses nothing. */
function valueAt(row: HealthRow, i: number, measure: PartingMeasure): number {
  if (measure === "spread") return row.spread[i];
  return (row.underflow[i] || 0) + (row.overflow[i] || 0);
}

function apart({a, b}: {a: number; b: number}, measure: PartingMeasure): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (measure === "lost") return a - b;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.isFinite(b) ? Infinity : -Infinity;
  return a > b ? a / b - 1 : -(b / a - 1);
}
