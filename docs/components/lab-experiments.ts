import type {SettingTexts} from "../src/training/settings-form.js";

/** Two runs that show something, ready to be trained. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** What to look for. */
  readonly question: string;
  readonly a: SettingTexts;
  /** Where run B differs from run A. */
  readonly b: SettingTexts;
}

/** What all experiments share: the settings of data/settings/lab.yaml, where their runs are recorded. */
const base: SettingTexts = {
  ...{layers: "2", width: "48", heads: "3", context: "32", residualWeight: "0.05"},
  ...{batch: "32", steps: "150", weightDecay: "0"},
  ...{evaluateEvery: "50", evaluationBatches: "8", probeEvery: "10"},
};

const standard = {scheme: "standard", learningRate: "0.008"};
const unit = {scheme: "unit", learningRate: "0.12"};

export const experiments: readonly Experiment[] = [
  {
    name: "plain-fp8",
    title: "Plain FP8: standard and unit scaling",
    question: "The same casts to 8 bits, the same data: which network can stand them?",
    a: {...base, ...standard, recipe: "fp8"},
    b: unit,
  },
];
