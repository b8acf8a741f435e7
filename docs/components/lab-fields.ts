import type {SettingField, SettingTexts} from "../src/training/settings-form.js";
import {isOfUse} from "../src/training/unused-settings.js";

/** Whether a setting replaces a single cast of the recipe. */
export const isCastKey = (key: string): boolean =>
  /^(forward|inputGradient|weightGradient)(Activation|Weight|Gradient)$/.test(key) ||
  /^(query|key|value|probabilities|attentionGradient|normOutput|softmaxOutput)$/.test(key);

/** Whether a setting replaces a matrix unit of the recipe. */
export const isUnitKey = (key: string): boolean => /^(forward|inputGradient|weightGradient)Unit$/.test(key);

/** Whether a setting replaces a part of the recipe. */
export const isRecipePart = (key: string): boolean => isCastKey(key) || isUnitKey(key);

/** The parts of the form, in their order. */
export const labGroups = [
  {name: "scheme", title: "Scheme"},
  {name: "recipe", title: "Recipe"},
  {name: "model", title: "Model"},
  {name: "optimizer", title: "Optimizer"},
  {name: "data", title: "Data and length"},
  {name: "other", title: "Other"},
] as const;

type GroupName = (typeof labGroups)[number]["name"];

/** How the form shows one setting. */
export interface LabField extends SettingField {
  readonly group: GroupName;
  readonly label: string;
  /** One line on what it does. */
  readonly help: string;
  /** Shown at once; the others are folded away. */
  readonly isBasic: boolean;
  /** Whether it does anything beside these other settings. */
  readonly matters: (texts: SettingTexts) => boolean;
  readonly labelOf: (value: string) => string;
  /** What stands in an empty field that has no default. */
  readonly whenEmpty: string;
  /** What the value in these settings means, in one sentence; empty where its label says enough. */
  readonly meaningOf: (texts: SettingTexts) => string;
  /** The part of a long menu that a value stands in. */
  readonly sectionOf: (value: string) => string;
  /** Texts to choose from where others are possible, too. */
  readonly suggestions: "casts" | "units" | undefined;
}

/** Whether it is chosen from a list alone; other settings are typed. */
export const isMenu = ({kind, key}: SettingField): boolean =>
  kind === "choice" || kind === "flag" || key === "corpus";

type Description = readonly [label: string, help: string];

/**
 * What the form says of each setting, by group in the order of the form. A setting that the schema has and this list
 * has not stands under "Other" with its key; one that only this list has is left out.
 */
const descriptions: Readonly<Record<Exclude<GroupName, "other">, Readonly<Record<string, Description>>>> = {
  scheme: {
    scheme: ["Scheme", "how values are scaled"],
    constraint: ["Constraint", "when forward and backward factors must agree"],
    initialSpread: ["Initial spread", "standard deviation of the initial weights"],
    baseWidth: ["Base width", "width at which the learning rate was tuned"],
    activationMultiplier: ["Activation multiplier", "of u-µP; 1 leaves it out"],
    attentionMultiplier: ["Attention multiplier", "of the logits; 1 leaves it out"],
    residualMultiplier: ["Residual multiplier", "of u-µP; 1 leaves it out"],
    residualAttentionRatio: ["Residual attention ratio", "of u-µP; 1 leaves it out"],
    lossMultiplier: ["Loss multiplier", "of u-µP; 1 leaves it out"],
  },
  recipe: {
    recipe: ["Recipe", "how values are rounded"],
    lossScale: ["Loss scale", "a number for the gradients; none, dynamic, or the recipe’s own"],
    straightThrough: ["Straight through", "gradients of clipped values: passed on, or cut"],
    layerRecipes: ["Single layers", "such as: head=fp32, first=bf16"],
    forwardActivation: ["Forward: activation", "a cast such as: e4m3fn tensor stochastic"],
    forwardWeight: ["Forward: weight", "a cast such as: mxfp4"],
    inputGradientGradient: ["Input gradient: gradient", "a cast such as: e5m2"],
    inputGradientWeight: ["Input gradient: weight", "a cast"],
    weightGradientActivation: ["Weight gradient: activation", "a cast"],
    weightGradientGradient: ["Weight gradient: gradient", "a cast"],
    forwardUnit: ["Forward: matrix unit", "whose sums are simulated, or exact float32"],
    inputGradientUnit: ["Input gradient: matrix unit", "whose sums are simulated, or exact float32"],
    weightGradientUnit: ["Weight gradient: matrix unit", "whose sums are simulated, or exact float32"],
    query: ["Attention: queries", "a cast"],
    key: ["Attention: keys", "a cast"],
    value: ["Attention: values", "a cast"],
    probabilities: ["Attention: probabilities", "a cast"],
    attentionGradient: ["Attention: gradients", "a cast"],
    normOutput: ["Norm output", "a cast"],
    softmaxOutput: ["Softmax output", "a cast"],
  },
  model: {
    layers: ["Layers", "blocks of the network"],
    width: ["Width", "values per token"],
    heads: ["Heads", "of attention; they share the width"],
    context: ["Context", "tokens in a sequence"],
    sequenceLayer: ["Sequence layer", "how tokens see those before them"],
    kernelSize: ["Kernel size", "tokens under the convolution"],
    activation: ["Activation", "function inside the feed-forward part"],
    norm: ["Norm", "what the norms compute"],
    normPlacement: ["Norm placement", "where the norms of a block stand"],
    groups: ["Groups", "of channels that a convolution keeps apart"],
    residual: ["Residual rule", "how branches are added to the stream"],
    residualWeight: ["Residual weight τ", "share of each branch under the rule “fixed”"],
    positions: ["Positions", "how the model knows the order"],
    attentionLogits: ["Attention logits", "divided by √d or by d"],
    softmax: ["Softmax", "plain, or its square root"],
    queryKeyNorm: ["Query and key norm", "normalizes both before their product"],
    tiedHead: ["Tied head", "the embedding serves as the head, too"],
  },
  optimizer: {
    optimizer: ["Optimizer", "turns gradients into steps"],
    learningRate: ["Learning rate", "at its peak"],
    schedule: ["Schedule", "how the learning rate goes on after the warm-up"],
    warmup: ["Warm-up", "steps of linear rise; empty: a tenth of all"],
    decaySteps: ["Decay", "steps of the fall; empty: a fifth of all"],
    finalLearningRate: ["Final learning rate", "as a share of the peak"],
    momentum: ["Momentum", "of SGD"],
    beta1: ["β₁", "memory of the mean gradient"],
    beta2: ["β₂", "memory of its square"],
    epsilon: ["ε", "added to the root before dividing"],
    weightDecay: ["Weight decay", "pulls matrices towards zero"],
    weightDecayRule: ["Weight decay rule", "times the learning rate, or on its own"],
    clipNorm: ["Clip norm", "largest norm of all gradients; 0 leaves them"],
    masterWeights: ["Master weights", "their cast after each step"],
    firstMoment: ["First moment", "its cast after each step"],
    secondMoment: ["Second moment", "its cast after each step"],
    momentumState: ["Momentum state", "its cast after each step"],
  },
  data: {
    corpus: ["Text", "what is read"],
    vocabulary: ["Vocabulary", "the text’s characters, or all 256 bytes"],
    batch: ["Batch", "sequences in a step"],
    steps: ["Steps", "of the optimizer"],
    seed: ["Seed", "of weights and batches: another gives another run"],
    evaluateEvery: ["Held-out loss every", "steps; 0: only at the end"],
    evaluationBatches: ["Held-out batches", "in each measurement"],
    postTraining: ["After training", "casts of the weights, as: int4 row; gptq int4 row"],
    probeEvery: ["Probe every", "steps; 0: no spreads and no losses to zero"],
  },
};

const basics = ["scheme", "recipe", "layers", "width", "optimizer", "learningRate", "corpus", "steps"];

/** Settings that the page gives itself. */
const hidden = ["corpusChecksum", "probe"];

const valueLabels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scheme: {standard: "Standard", mup: "µP", unit: "Unit scaling", "unit-mup": "u-µP", munit: "µnit scaling"},
  optimizer: {adamw: "AdamW", adam: "Adam", sgd: "SGD", lion: "Lion", lamb: "LAMB"},
  activation: {gelu: "GELU", relu: "ReLU", silu: "SiLU", swiglu: "SwiGLU"},
  norm: {layer: "layer norm", rms: "RMS norm"},
  // The warm-up has a setting of its own.
  schedule: {"warmup-stable-decay": "stable-decay"},
  attentionLogits: {"inverse-root": "1/√d", inverse: "1/d"},
};

const schemeMeanings: Readonly<Record<string, string>> = {
  standard: "weights begin small, as in GPT-2; what follows from that is left to itself",
  mup: "standard, with learning rates and output scaled by the width",
  unit: "every weight begins with spread 1, and a constant in each op keeps all tensors there",
  "unit-mup": "unit scaling with the transfer rules of µP",
  munit: "unit spread with few constants: norms at the ends of branches, fixed residual weights",
};

/** @param recipes what each recipe does, by name */
export function labFields(
  fields: readonly SettingField[],
  recipes: Readonly<Record<string, string>> = {},
): LabField[] {
  const labField = (field: SettingField, group: GroupName, [label, help]: Description): LabField => ({
    ...field,
    ...{group, label, help},
    isBasic: basics.includes(field.key),
    matters: (texts) => isOfUse(field.key, texts),
    labelOf: (value) => labelOf(field, value),
    // Numbers follow from other settings; of what is a list there is nothing.
    whenEmpty: field.kind === "number" ? "automatic" : "none",
    meaningOf: (texts) => {
      if (field.key === "scheme") return schemeMeanings[texts.scheme] ?? "";
      return field.key === "recipe" ? `${recipes[texts.recipe] ?? ""}${changedParts(texts)}` : "";
    },
    sectionOf: (value) => (field.key === "recipe" ? recipeSection(value) : ""),
    suggestions: suggestionsFor(field, help),
  });
  const described = Object.entries(descriptions).flatMap(([group, settings]) =>
    Object.entries(settings).flatMap(([key, description]) => {
      const field = fields.find((candidate) => candidate.key === key);
      return field ? [labField(field, group as GroupName, description)] : [];
    }),
  );
  const others = fields
    .filter(({key}) => !hidden.includes(key) && !described.some((field) => field.key === key))
    .map((field) => labField(field, "other", [field.key, ""]));
  return [...described, ...others];
}

function suggestionsFor({key, kind}: SettingField, help: string): LabField["suggestions"] {
  if (kind !== "text") return undefined;
  if (key.endsWith("Unit")) return "units";
  return /\bcast\b/.test(help) ? "casts" : undefined;
}

/** Which parts of the recipe other settings replace. */
function changedParts(texts: SettingTexts): string {
  const changed = Object.keys(texts)
    .filter((key) => isRecipePart(key) && !["", "recipe"].includes(texts[key]))
    .map((key) => {
      const name = descriptions.recipe[key][0].toLowerCase();
      return isUnitKey(key) ? `${name} ${texts[key]}` : `${name} in ${texts[key]}`;
    });
  return changed.length > 0 ? `; but ${changed.join(", ")}` : "";
}

function recipeSection(name: string): string {
  if (/^(int|ternary)/.test(name)) return "Integers";
  if (/^(mx|nv)/.test(name)) return "Blocks with a scale";
  return /8|deepseek/.test(name) ? "8 bits" : "Floating point";
}

const ownLabels: Readonly<Record<string, string>> = {default: "scheme’s own", recipe: "recipe’s own"};

function labelOf({key, kind}: SettingField, value: string): string {
  if (kind === "flag") return value === "true" ? "yes" : "no";
  return valueLabels[key]?.[value] ?? ownLabels[value] ?? value;
}
