import type {RunSettings} from "./run-settings.js";

/** Settings that decide what others are for, as values or as texts. */
type Deciding = Readonly<
  Partial<
    Record<
      "scheme" | "sequenceLayer" | "normPlacement" | "queryKeyNorm" | "residual" | "optimizer" | "schedule",
      string | boolean
    >
  >
>;

/** What a setting is for: the other settings beside which it does something, in words and as a test. */
type Use = readonly [words: string, isMet: (settings: Deciding) => boolean];

/** Settings whose values do nothing, and what they are for. */
export interface UnusedSetting {
  readonly key: keyof RunSettings;
  /** Such as `optimizer sgd`. */
  readonly use: string;
}

const among =
  <Key extends keyof Deciding>(key: Key, ...values: readonly RunSettings[Key][]) =>
  (settings: Deciding): boolean =>
    values.some((value) => String(value) === String(settings[key]));

const isAttention = among("sequenceLayer", "attention");
const hasQueryKeyNorm = among("queryKeyNorm", true);
const attention: Use = ["sequenceLayer attention", isAttention];
const convolution: Use = ["sequenceLayer convolution", among("sequenceLayer", "convolution")];
const constraints: Use = ["the schemes unit and unit-mup", among("scheme", "unit", "unit-mup")];
const multipliers: Use = ["the scheme unit-mup", among("scheme", "unit-mup")];
const shares: Use = [
  "the scheme unit-mup with its own residual rule",
  ({scheme, residual}) => scheme === "unit-mup" && residual === "default",
];
const moments: Use = ["the optimizers adamw, adam and lamb", among("optimizer", "adamw", "adam", "lamb")];
const betas: Use = ["any optimizer but sgd", among("optimizer", "adamw", "adam", "lion", "lamb")];

/** What is not here is always of use. */
const uses: Readonly<Partial<Record<keyof RunSettings, Use>>> = {
  ...{heads: attention, attentionLogits: attention, softmax: attention, queryKeyNorm: attention},
  ...{query: attention, key: attention, value: attention, attentionGradient: attention},
  ...{probabilities: attention, softmaxOutput: attention},
  ...{kernelSize: convolution, groups: convolution},
  norm: ["models with norms", ({normPlacement}) => normPlacement !== "none"],
  normOutput: [
    "models with norms",
    (settings) => settings.normPlacement !== "none" || (hasQueryKeyNorm(settings) && isAttention(settings)),
  ],
  residualWeight: [
    "the residual rule fixed",
    ({residual, scheme}) =>
      residual === "fixed" || (residual === "default" && (scheme === "unit" || scheme === "munit")),
  ],
  baseWidth: ["the schemes mup and munit", among("scheme", "mup", "munit")],
  initialSpread: ["the schemes standard and mup", among("scheme", "standard", "mup")],
  constraint: constraints,
  activationMultiplier: multipliers,
  lossMultiplier: multipliers,
  attentionMultiplier: [
    "attention under the schemes mup and unit-mup",
    (settings) => isAttention(settings) && among("scheme", "mup", "unit-mup")(settings),
  ],
  residualMultiplier: shares,
  residualAttentionRatio: shares,
  finalLearningRate: ["schedules that fall", ({schedule}) => schedule !== "constant"],
  decaySteps: ["the schedule warmup-stable-decay", among("schedule", "warmup-stable-decay")],
  momentum: ["the optimizer sgd", among("optimizer", "sgd")],
  momentumState: ["the optimizers sgd and lion", among("optimizer", "sgd", "lion")],
  ...{beta1: betas, beta2: betas},
  ...{epsilon: moments, firstMoment: moments, secondMoment: moments},
};

/** Whether a setting does anything beside these. */
export const isOfUse = (key: string, settings: Deciding): boolean =>
  uses[key as keyof RunSettings]?.[1](settings) ?? true;

/**
 * Settings that differ from their defaults somewhere among the runs and do nothing wherever they do. Whoever set them
 * may have meant another scheme, optimizer or layer.
 *
 * @param defaultsOf the settings of a run of which only the number of steps is given
 */
export function unusedSettings(
  runs: readonly RunSettings[],
  defaultsOf: (given: Pick<RunSettings, "steps">) => RunSettings,
): UnusedSetting[] {
  const known = runs.map((settings) => ({settings, defaults: defaultsOf({steps: settings.steps})}));
  const entries = Object.entries(uses) as [keyof RunSettings, Use][];
  return entries.flatMap(([key, [use, isMet]]) => {
    const set = known.filter(({settings, defaults}) => settings[key] !== defaults[key]);
    return set.length > 0 && !set.some(({settings}) => isMet(settings)) ? [{key, use}] : [];
  });
}
