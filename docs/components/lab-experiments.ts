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
  ...{layers: "2", width: "48", heads: "4", context: "32", residualWeight: "0.05"},
  ...{batch: "32", steps: "150", weightDecay: "0"},
  ...{evaluateEvery: "50", evaluationBatches: "8", probeEvery: "15"},
};

const standard = {...base, scheme: "standard", learningRate: "0.008"};
const unit = {scheme: "unit", learningRate: "0.12"};

/** One format of 8 bits for all operands, gradients included. */
const e4m3 = {recipe: "fp8", inputGradientGradient: "e4m3fn", weightGradientGradient: "e4m3fn"};

export const experiments: readonly Experiment[] = [
  {
    name: "plain-fp8",
    title: "Plain FP8",
    question: "All operands cast to E4M3 as they are. Which scheme can stand it?",
    a: {...standard, ...e4m3},
    b: unit,
  },
  {
    name: "loss-scale",
    title: "A loss scale",
    question: "The network that learned nothing, with its gradients 4096 times as large.",
    a: {...standard, ...e4m3},
    b: {lossScale: "4096"},
  },
  {
    name: "eight-bit-weights",
    title: "Weights in 8 bits",
    question: "After each step the weights are rounded: to nearest, or by chance?",
    a: {...standard, ...unit, masterWeights: "e4m3fn"},
    b: {masterWeights: "e4m3fn stochastic"},
  },
  {
    name: "four-bits",
    title: "Four bits",
    question: "MXFP4 or NVFP4: which scale for a block keeps more? One seed does not tell.",
    a: {...standard, recipe: "mxfp4"},
    b: {recipe: "nvfp4"},
  },
  {
    name: "no-norms",
    title: "Without norms",
    question: "Nothing normalizes the activations. Who needs it?",
    a: {...standard, normPlacement: "none"},
    b: unit,
  },
  {
    name: "too-fast",
    title: "Steps too large",
    question: "The same without norms, at ten times the learning rate.",
    a: {...standard, normPlacement: "none"},
    b: {learningRate: "0.1"},
  },
  {
    name: "convolution",
    title: "A convolution",
    question: "Attention over all tokens, or the last seven and no more?",
    a: standard,
    b: {sequenceLayer: "convolution"},
  },
  {
    name: "seed",
    title: "Another seed",
    question: "Nothing differs but chance: how much of a difference is noise?",
    a: standard,
    b: {seed: "2"},
  },
];
