import type {RunSettings} from "../src/training/run-settings.js";
import {isRecipePart} from "./lab-fields.js";
import type {SweepRun} from "./sweep-run.js";

/** Something in which the runs of a sweep differ: a setting, or the number of parameters or tokens. */
export interface SweepAxis {
  /** The key of the setting, or `N` or `D`. */
  readonly key: string;
  /** In words. */
  readonly label: string;
  readonly isNumeric: boolean;
  /** Texts of its values: numbers by size, words in the order of the plan. */
  readonly values: readonly string[];
  readonly textOf: (run: SweepRun) => string;
  /** A value as people read it. */
  readonly format: (text: string) => string;
}

/** Settings that do not change what a run computes, only what is noted of it. */
export const observingKeys: readonly string[] = ["probe", "probeEvery", "evaluateEvery", "postTraining"];

/** Settings that say how large a model is. */
const shaping = ["layers", "width", "heads", "kernelSize", "groups"];

/** Settings that say how much it reads; warm-up and decay follow from the number of steps. */
const lasting = ["steps", "batch", "context", "warmup", "decaySteps"];

/** Follows from another setting. */
export const impliedKeys: readonly string[] = ["corpusChecksum"];

export const seedKey = "seed";
export const rateKey = "learningRate";

/** What was done to the weights after training is no setting in which runs differ, but their results do. */
const afterKey = "afterTraining";

/**
 * In what the runs differ, every difference once. Where models and texts of several sizes were tried, the number of
 * parameters N and of tokens D stand for the settings that they follow from; of two settings that only change together
 * the first is taken, and a part of a recipe that follows from another one, as on the way back, is left out. Seeds come last.
 */
export function sweepAxes(runs: readonly SweepRun[], differing: readonly string[]): SweepAxis[] {
  const keys = differing.filter((key) => ![...observingKeys, ...impliedKeys, seedKey].includes(key));
  const isTimed = keys.some((key) => lasting.includes(key));
  const isSized = isTimed && keys.some((key) => shaping.includes(key));
  const sizes = [...(isSized ? ["N"] : []), ...(isTimed ? ["D"] : [])].map((key) => sweepAxis(key, runs));
  const others = keys
    .map((key) => sweepAxis(key, runs))
    .filter(({key}) => !(isTimed && lasting.includes(key)) && !(isSized && shaping.includes(key)));
  const quantized = runs.some(({afterTraining}) => afterTraining) ? [sweepAxis(afterKey, runs)] : [];
  const kept: SweepAxis[] = [];
  for (const axis of [...others, ...quantized, ...sizes]) {
    const isNew = !kept.some(
      (other) =>
        decides(other, axis, runs) &&
        (decides(axis, other, runs) || (isRecipePart(axis.key) && isRecipePart(other.key))),
    );
    if (axis.values.length > 1 && isNew) kept.push(axis);
  }
  return [...kept, ...(differing.includes(seedKey) ? [sweepAxis(seedKey, runs)] : [])];
}

/** The axis of a setting, or of `N` or `D`. */
export function sweepAxis(key: string, runs: readonly SweepRun[]): SweepAxis {
  const values = [...new Set(runs.map((run) => valueAt(run, key)))];
  const isNumeric = values.every((value) => typeof value === "number");
  const sorted = isNumeric ? [...(values as number[])].sort((a, b) => a - b) : values;
  const isCount = key === "N" || key === "D";
  return {
    key,
    label: axisLabel(key),
    isNumeric,
    values: sorted.map(String),
    textOf: (run) => String(valueAt(run, key)),
    format: isCount
      ? (text) => countText(Number(text))
      : (text) => text || (key === afterKey ? "as trained" : "none"),
  };
}

function valueAt(run: SweepRun, key: string): unknown {
  if (key === "N") return run.parameters;
  if (key === "D") return plannedTokens(run);
  return key === afterKey ? run.afterTraining : run.settings[key as keyof RunSettings];
}

/** Tokens that a run was to see; one that diverged saw fewer. */
export const plannedTokens = ({settings: {steps, batch, context}}: SweepRun): number =>
  steps * batch * context;

/** Whether every value of one axis comes with a single value of another. */
function decides(axis: SweepAxis, other: SweepAxis, runs: readonly SweepRun[]): boolean {
  const found = new Map<string, string>();
  return runs.every((run) => {
    const [by, value] = [axis.textOf(run), other.textOf(run)];
    if (!found.has(by)) found.set(by, value);
    return found.get(by) === value;
  });
}

function axisLabel(key: string): string {
  if (key === "N") return "parameters N";
  if (key === "D") return "tokens D";
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A count to three digits: 156k, 3.17M. */
export function countText(count: number): string {
  if (count < 1000) return String(count);
  const [unit, name] = count < 1e6 ? [1e3, "k"] : count < 1e9 ? [1e6, "M"] : [1e9, "G"];
  return `${Number((count / unit).toPrecision(3))}${name}`;
}
