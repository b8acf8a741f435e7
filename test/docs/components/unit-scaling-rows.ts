// Rows like those of the loaders of the page on unit scaling, from formulas.
import type {DriftRow} from "../../../docs/components/drift-row.js";
import type {OpRow} from "../../../docs/components/op-row.js";
import type {ResidualRow} from "../../../docs/components/residual-row.js";
import type {SequenceRow} from "../../../docs/components/sequence-row.js";
import {varianceRows} from "./rows.js";

/** Two products, an activation function and an op that theory only approximates, at three widths. */
export function opRows(): OpRow[] {
  return [32, 256, 2048].flatMap((width) => {
    const root = Math.sqrt(width);
    const row = (op: string, pass: string, plain: number, scaled: number, measured = 1): OpRow => ({
      ...{op, pass, width, plain: plain * measured, plain_theory: plain},
      ...{scaled: scaled * measured, scaled_theory: scaled},
    });
    return [
      row("product m → 4m", "output", root, Math.SQRT1_2, 1.01),
      row("product m → 4m", "input gradient", 2 * root, Math.SQRT2, 0.99),
      row("product m → 4m", "weight gradient", 8, 1),
      row("GELU", "output", 0.588, 0.933),
      row("GELU", "input gradient", 0.675, 1.072),
      row("attention", "output", 0.356, 1, 1.25),
    ];
  });
}

export function residualRows(): ResidualRow[] {
  const rules = [
    {rule: "sum", tau: 0},
    {rule: "running-mean", tau: 0},
    {rule: "fixed", tau: 0.5},
    {rule: "fixed", tau: 0.02},
  ];
  return rules.flatMap(({rule, tau}) =>
    Array.from({length: 9}, (_, branch) => {
      const spread = rule === "sum" ? Math.sqrt(1 + branch) : 1;
      const own = branch === 0 ? 1 : tau;
      const share = rule === "fixed" ? own * (1 - tau) ** (8 - branch) : 1 / 9;
      return {rule, tau, branch, spread: spread * 1.01, spread_theory: spread, share, share_theory: share};
    }),
  );
}

/** The rows of `varianceRows`, moved a little at every step. */
export function driftRows(steps = [0, 100, 200, 300]): DriftRow[] {
  return varianceRows()
    .filter(({stage}) => stage === "initial")
    .flatMap((row) => steps.map((step) => ({...row, step, spread: row.spread * 2 ** (step / 150)})));
}

/** Two models with three seeds; one run of regular training in FP8 diverges. */
export function sequenceRows(): SequenceRow[] {
  const arms = [
    {scheme: "standard", recipe: "fp32", loss_scale: 1, cost: 0},
    {scheme: "standard", recipe: "fp16", loss_scale: 1, cost: 0},
    {scheme: "standard", recipe: "fp16", loss_scale: 2048, cost: 0},
    {scheme: "unit", recipe: "fp16", loss_scale: 1, cost: -0.1},
    {scheme: "standard", recipe: "fp8", loss_scale: 1, cost: 0.6},
    {scheme: "standard", recipe: "fp8", loss_scale: 2048, cost: 0.05},
    {scheme: "unit", recipe: "fp8", loss_scale: 1, cost: -0.08},
  ];
  const models = [
    {sequence_layer: "attention", optimizer: "adamw", base: 1.2},
    {sequence_layer: "recurrent", optimizer: "sgd", base: 1.5},
  ];
  return models.flatMap(({base, ...model}) =>
    arms.flatMap(({cost, ...arm}) =>
      [1, 2, 3].map((seed) => {
        const diverges = seed === 3 && cost === 0.6 && model.optimizer === "sgd";
        const run = `${model.sequence_layer} ${arm.recipe} ${seed}`;
        return {
          ...{...model, ...arm, seed, run, learning_rate: 0.01, floor: 0.65, parameters: 1e5, tokens: 3e5},
          loss: diverges ? null : base + cost + seed / 100,
        };
      }),
    ),
  );
}
