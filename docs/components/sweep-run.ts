import type {RunSettings} from "../src/training/run-settings.js";
import type {SweepInfo, SweepRow} from "./sweep-info.js";
import type {LossPoint} from "./tab-run.js";

/** How a run ended: a run that did not learn went through all steps, and its loss is no lower than at the first one. */
export type Verdict = "finished" | "did not learn" | "diverged";

/** One run of a sweep. */
export interface SweepRun {
  /** Of the record: the same for a run as it was trained and with its weights quantized after that. */
  readonly id: string;
  /** Eight digits of the id, and for quantized weights a number: what addresses and people call it. */
  readonly name: string;
  /** How weights were quantized after training; empty where they were not. */
  readonly afterTraining: string;
  readonly engine: string;
  readonly settings: RunSettings;
  readonly parameters: number;
  /** Tokens that were seen. */
  readonly tokens: number;
  readonly seconds: number;
  /** Held-out loss after the last step in nats per token; null where the run diverged. */
  readonly loss: number | null;
  /** The entropy rate of the corpus; null where it is not known. */
  readonly floor: number | null;
  /** Loss less the floor; null where one of them is missing. */
  readonly aboveFloor: number | null;
  readonly verdict: Verdict;
  readonly diverged: {readonly step: number; readonly reason: string} | null;
  readonly weightHash: string;
  /** Training loss, averaged over neighbouring steps. */
  readonly curve: readonly LossPoint[];
}

/** The runs of a sweep as the page works with them. */
export function sweepRuns(rows: readonly SweepRow[], {shared, differing}: SweepInfo): SweepRun[] {
  const trained = new Map<string, {count: number; curve: readonly LossPoint[]}>();
  return rows.map((row) => {
    const differences = Object.fromEntries(
      differing.map((key) => [key, JSON.parse((row as unknown as Record<string, string>)[key])]),
    );
    const settings = {...shared, ...differences} as RunSettings;
    if (row.after_training === "") trained.set(row.id, {count: 0, curve: curvePoints(row, settings.steps)});
    const own = trained.get(row.id)!;
    const {curve} = own;
    const {held_out_loss: loss, floor, diverged_step: step, diverged_reason: reason} = row;
    return {
      ...{id: row.id, engine: row.engine, settings, curve, loss, floor, afterTraining: row.after_training},
      name: row.id.slice(0, 8) + (row.after_training === "" ? "" : `.${++own.count}`),
      ...{parameters: row.parameters, tokens: row.tokens, seconds: row.seconds},
      aboveFloor: loss === null || floor === null ? null : loss - floor,
      verdict:
        loss === null ? "diverged" : curve.length > 0 && loss >= curve[0].loss ? "did not learn" : "finished",
      diverged: step === null ? null : {step, reason: reason ?? ""},
      weightHash: row.weight_hash,
    };
  });
}

/** Each point stands at the middle of the steps that it is the mean of. */
function curvePoints({curve, curve_steps: count}: SweepRow, steps: number): LossPoint[] {
  const last = Math.max(1, Math.min(steps, curve.length * count));
  return Array.from(curve, (loss, i) => ({step: Math.min(last, (i + 0.5) * count + 0.5), loss}));
}

/** Tokens of one step. */
export const tokensPerStep = ({settings: {batch, context}}: SweepRun): number => batch * context;
