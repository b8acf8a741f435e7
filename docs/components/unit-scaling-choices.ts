import type {DriftRow} from "./drift-row.js";
import {layersByDepth} from "./layers-by-depth.js";
import {recordedFormats} from "./lost-shares.js";
import type {OpRow} from "./op-row.js";
import type {Choices} from "./page-state.js";
import {tensorStyles} from "./tensor-styles.js";
import type {VarianceRow} from "./variance-row.js";

/** What the reader of the unit scaling page can choose: what is in the data, and how it is first shown. */
export function unitScalingChoices(
  rows: readonly VarianceRow[],
  {ops = [], drift = []}: {ops?: readonly OpRow[]; drift?: readonly DriftRow[]} = {},
) {
  const distinct = <T>(values: readonly T[]) => [...new Set(values)];
  const layers = layersByDepth(rows);
  const recipes = [...new Set(rows.map(({recipe}) => recipe))];
  return {
    stage: {values: ["initial", "trained"], initial: "initial"},
    recipe: {values: recipes, initial: recipes.includes("fp32") ? "fp32" : recipes[0]},
    scheme: {values: ["both", "standard", "unit"], initial: "both"},
    format: {values: recordedFormats, initial: "e5m2"},
    layer: {values: layers, initial: mostUnderflowing(rows)},
    tensor: {values: tensorStyles.map(({tensor}) => tensor), initial: "activation gradient"},
    width: {values: distinct(ops.map(({width}) => String(width))), initial: openingWidth},
    step: {values: distinct(drift.map(({step}) => String(step))), initial: String(lastStep(drift))},
    precision: {values: ["fp16", "fp8"], initial: "fp8"},
    op: {values: distinct(ops.map(({op}) => op)), initial: openingOp},
  } satisfies Choices;
}

const lastStep = (drift: readonly DriftRow[]): number => Math.max(0, ...drift.map(({step}) => step));

/** A width and an op in which both directions of the compromise are seen. */
const openingWidth = "256";
const openingOp = "product m → 4m";

export type UnitScalingChoices = ReturnType<typeof unitScalingChoices>;

/**
 * The layer whose activation gradients lose most to a plain cast before training, which is what the figure is about. Not
 * the embedding: it is a look-up, without a product whose operands would be cast.
 */
function mostUnderflowing(rows: readonly VarianceRow[]): string {
  const products = rows.filter(({layer}) => layer !== "embedding");
  const gradients = products.filter(
    ({stage, tensor}) => stage === "initial" && tensor === "activation gradient",
  );
  return gradients.reduce((worst, row) => (row.underflow_e5m2 > worst.underflow_e5m2 ? row : worst)).layer;
}
