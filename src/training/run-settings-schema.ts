import * as z from "zod";
import {BitscapeError, closestName, nearestName, usageError} from "../errors.js";
import {parseCast} from "../precision/parse-cast.js";
import {parseProductUnit} from "../precision/units/product-unit.js";
import {parseLayerRecipes} from "../recipes/layer-recipes.js";
import {constraints} from "../schemes/constraint.js";
import {parseStorage} from "./optimizers/storage.js";
import {parsePostTraining} from "./parse-post-training.js";
import type {RunSettings} from "./run-settings.js";

/** What the names in settings can stand for. */
export interface SettingsChoices {
  readonly schemes: readonly string[];
  readonly recipes: readonly string[];
  /**
   * SHA-256 that identifies the content of a corpus; `given` is what the settings say it is, or empty.
   * @throws a one-line error when there is no such corpus, or its checksum is not known or another
   */
  readonly corpusChecksum: (corpus: string, given: string) => string;
}

/**
 * Strict schema of one run's settings. The defaults are a small GPT, trained as nanoGPT trains its small ones; `warmup`
 * is a tenth of the steps and `decaySteps` a fifth where they are not given.
 */
export const runSettingsSchema = ({schemes, recipes}: Pick<SettingsChoices, "schemes" | "recipes">) =>
  z.strictObject({
    scheme: oneOf(schemes).default("standard"),
    recipe: oneOf(recipes).default("fp32"),
    forwardActivation: recipePart(),
    forwardWeight: recipePart(),
    inputGradientGradient: recipePart(),
    inputGradientWeight: recipePart("forward"),
    weightGradientActivation: recipePart("forward"),
    weightGradientGradient: recipePart(),
    query: recipePart(),
    key: recipePart(),
    value: recipePart(),
    probabilities: recipePart(),
    attentionGradient: recipePart(),
    normOutput: recipePart(),
    softmaxOutput: recipePart(),
    forwardUnit: readBy(parseProductUnit, "recipe").default("recipe"),
    inputGradientUnit: readBy(parseProductUnit, "recipe").default("recipe"),
    weightGradientUnit: readBy(parseProductUnit, "recipe").default("recipe"),
    layerRecipes: readBy((text) => parseLayerRecipes(text, recipes)).default(""),
    straightThrough: oneOf(["recipe", "plain", "clipped"] as const).default("recipe"),
    lossScale: z
      .union(
        [real("(0, 1e38]"), oneOf(["recipe", "none", "dynamic"] as const)],
        "recipe, none, dynamic or a positive number",
      )
      .default("recipe"),

    layers: whole(1, 256).default(4),
    width: whole(1, 8192).default(64),
    sequenceLayer: oneOf(["attention", "convolution", "recurrent"] as const).default("attention"),
    heads: whole(1, 256).default(4),
    kernelSize: whole(1, 8192).default(7),
    groups: whole(1, 8192).default(8),
    context: whole(1, 8192).default(64),
    activation: oneOf(["gelu", "relu", "silu", "swiglu"] as const).default("gelu"),
    norm: oneOf(["layer", "rms"] as const).default("layer"),
    normPlacement: oneOf(["default", "pre", "res-post", "post", "none"] as const).default("default"),
    tiedHead: z.boolean("true or false").default(false),
    residual: oneOf(["default", "sum", "fixed", "running-mean"] as const).default("default"),
    residualWeight: real("(0, 1)").default(0.05),
    attentionLogits: oneOf(["default", "inverse-root", "inverse"] as const).default("default"),
    softmax: oneOf(["plain", "square-root"] as const).default("plain"),
    queryKeyNorm: z.boolean("true or false").default(false),
    positions: oneOf(["learned", "relative", "rotary"] as const).default("learned"),
    baseWidth: whole(1, 8192).default(64),
    initialSpread: real("(0, 10]").default(0.02),
    constraint: oneOf(["default", ...constraints]).default("default"),
    activationMultiplier: real("(0, 1000]").default(1),
    attentionMultiplier: real("(0, 1000]").default(1),
    residualMultiplier: real("(0, 1000]").default(1),
    residualAttentionRatio: real("(0, 1000]").default(1),
    lossMultiplier: real("(0, 1000]").default(1),

    corpus: text(/./, "the name of a corpus, a file or an http(s) address").default("markov"),
    corpusChecksum: text(/^([0-9a-f]{64})?$/, "a SHA-256 of 64 lower-case hexadecimal digits").default(""),
    vocabulary: oneOf(["character", "byte"] as const).default("character"),

    batch: whole(1, 65_536).default(16),
    optimizer: oneOf(["adamw", "adam", "sgd", "lion", "lamb"] as const).default("adamw"),
    steps: whole(1, 10_000_000).default(1000),
    learningRate: real("(0, 1000]").default(0.001),
    warmup: whole(0, 10_000_000).optional(),
    schedule: oneOf(["cosine", "linear", "constant", "warmup-stable-decay"] as const).default("cosine"),
    finalLearningRate: real("[0, 1]").default(0.1),
    decaySteps: whole(0, 10_000_000).optional(),
    momentum: real("[0, 1)").default(0.9),
    beta1: real("[0, 1)").default(0.9),
    beta2: real("[0, 1)").default(0.99),
    epsilon: real("(0, 1]").default(1e-8),
    weightDecay: real("[0, 10]").default(0.1),
    weightDecayRule: oneOf(["coupled", "independent"] as const).default("coupled"),
    masterWeights: storage.default("fp32"),
    firstMoment: storage.default("fp32"),
    secondMoment: storage.default("fp32"),
    momentumState: storage.default("fp32"),
    clipNorm: real("[0, 1000000]").default(0),
    seed: whole(0, 2 ** 32 - 1).default(1),

    evaluateEvery: whole(0, 10_000_000).default(0),
    evaluationBatches: whole(1, 1_000_000).default(16),
    probe: z.boolean("true or false").default(false),
    probeEvery: whole(0, 10_000_000).default(0),
    postTraining: readBy(parsePostTraining).default(""),
  }) satisfies z.ZodType<Omit<RunSettings, StepCount> & Partial<Pick<RunSettings, StepCount>>>;

const storage = parsedText(parseStorage, 'the text of a cast, such as "bf16 stochastic"');

/** Numbers of steps that follow from the number of all steps where they are not given. */
type StepCount = "warmup" | "decaySteps";

/** Every key that settings can have. */
export const settingsKeys: readonly string[] = Object.keys(
  runSettingsSchema({schemes: [], recipes: []}).shape,
);

/** Validates loose input into settings. `where` gives what stands before an error about a key, such as file and line. */
export type SettingsParser = (
  input: Readonly<Record<string, unknown>>,
  where?: (key: string) => string,
) => RunSettings;

/**
 * A parser for settings. It fills in defaults and the checksum of the corpus, so that settings alone decide a run.
 * The parser throws a usage error of one line that names the key, the value and what is allowed. It remembers each value
 * that it has checked, since the runs of a sweep differ in few.
 */
export function settingsParser(choices: SettingsChoices): SettingsParser {
  const {shape} = runSettingsSchema(choices);
  const keys = Object.keys(shape) as (keyof RunSettings)[];
  const check = rememberedChecks(shape);
  const defaults = Object.fromEntries(keys.map((key) => [key, check(key, undefined).data]));
  return (input, where = () => "") => {
    const settings: Record<string, unknown> = {...defaults};
    for (const key of keys) {
      if (input[key] === undefined) continue;
      const {data, error} = check(key, input[key]);
      if (error) throw valueError(key, input[key], error.issues[0], where(key));
      settings[key] = data;
    }
    const foreign = Object.keys(input).find((key) => !Object.hasOwn(shape, key));
    if (foreign !== undefined) throw unknownKey(foreign, where(foreign));
    return completed(settings as unknown as RunSettings, choices, where);
  };
}

type SettingsShape = ReturnType<typeof runSettingsSchema>["shape"];

/** Checks of single values, each made once. */
function rememberedChecks(shape: SettingsShape) {
  const known = new Map(
    Object.keys(shape).map((key) => [key, new Map<unknown, z.ZodSafeParseResult<unknown>>()]),
  );
  return (key: keyof SettingsShape, value: unknown): z.ZodSafeParseResult<unknown> => {
    const results = known.get(key)!;
    let result = results.get(value);
    if (!result) {
      result = shape[key].safeParse(value);
      results.set(value, result);
    }
    return result;
  };
}

/** Fills in what follows from other settings. */
function completed(
  settings: RunSettings,
  choices: SettingsChoices,
  where: (key: string) => string,
): RunSettings {
  const {steps, warmup = Math.floor(steps / 10), decaySteps = Math.floor(steps / 5)} = settings;
  const all = {...settings, warmup, decaySteps};
  const [key, message] = conflict(all) ?? [];
  if (key) throw usageError(`${where(key)}${key}: ${message}`);
  return {...all, corpusChecksum: corpusChecksum(all, choices, where)};
}

/** The error for a key that settings do not have. */
export function unknownKey(
  key: string,
  place: string,
  keys: readonly string[] = settingsKeys,
): BitscapeError {
  const meant = synonyms[key] ?? nearestName(key, keys);
  if (meant) return usageError(`${place}unknown setting "${key}"; did you mean "${meant}"?`);
  const help = `data/settings/schema.json describes all ${settingsKeys.length}`;
  return usageError(`${place}unknown setting "${key}"; the nearest is "${closestName(key, keys)}"; ${help}`);
}

/** What other tools call some of the settings. */
const synonyms: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  ...{
    lr: "learningRate",
    wd: "weightDecay",
    tau: "residualWeight",
    tokenizer: "vocabulary",
    dataset: "corpus",
  },
  ...{
    d_model: "width",
    n_embd: "width",
    dim: "width",
    hidden_size: "width",
    depth: "layers",
    n_layer: "layers",
  },
  ...{n_head: "heads", block_size: "context", seq_len: "context", sequence_length: "context"},
  ...{batch_size: "batch", iterations: "steps", max_iters: "steps", max_steps: "steps", eps: "epsilon"},
  ...{grad_clip: "clipNorm", clip_grad: "clipNorm", lr_scheduler: "schedule", min_lr: "finalLearningRate"},
});

function valueError(key: string, value: unknown, issue: z.core.$ZodIssue, place: string): BitscapeError {
  if (issue.code === "custom") return usageError(`${place}${key}: ${issue.message}`);
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
  const nearest = nearestName(String(value), namesIn(issue));
  const suggestion = nearest ? `; did you mean "${nearest}"?` : "";
  return usageError(`${place}${key}: ${shown} is not ${issue.message}${suggestion}`);
}

/** The words that are allowed, also those beside a number. */
const namesIn = (issue: z.core.$ZodIssue): string[] =>
  issue.code === "invalid_value"
    ? issue.values.map(String)
    : issue.code === "invalid_union"
      ? issue.errors.flat().flatMap(namesIn)
      : [];

/** Settings that are allowed alone but not together: the key to change, and why. */
function conflict(settings: RunSettings): [string, string] | undefined {
  const {width, sequenceLayer, heads, groups, positions, warmup, decaySteps, steps} = settings;
  const isAttention = sequenceLayer === "attention";
  if (sequenceLayer === "convolution" && width % groups !== 0)
    return ["groups", `${groups} does not divide width ${width}`];
  if (isAttention && width % heads !== 0) return ["heads", `${heads} does not divide width ${width}`];
  if (isAttention && positions === "rotary" && (width / heads) % 2 !== 0)
    return ["positions", `rotary turns pairs, and a head of width ${width} with heads ${heads} is odd`];
  if (warmup > steps) return ["warmup", `${warmup} is more than steps ${steps}`];
  if (decaySteps > steps) return ["decaySteps", `${decaySteps} is more than steps ${steps}`];
  return undefined;
}

function corpusChecksum(
  {corpus, corpusChecksum: given}: RunSettings,
  choices: SettingsChoices,
  where: (key: string) => string,
): string {
  try {
    return choices.corpusChecksum(corpus, given);
  } catch (error) {
    if (error instanceof BitscapeError)
      throw new BitscapeError(where("corpus") + error.message, error.exitCode);
    throw error;
  }
}

/** A cast, that of the recipe, or another word. */
function recipePart(...words: readonly string[]) {
  return readBy(parseCast, "recipe", ...words).default("recipe");
}

/** Text that is one of the words, or that `read` takes without a usage error. */
function readBy(read: (text: string) => unknown, ...words: readonly string[]) {
  return z.string("text").superRefine((text, {addIssue}) => {
    try {
      if (!words.includes(text)) read(text);
    } catch (error) {
      if (!(error instanceof BitscapeError)) throw error;
      addIssue({code: "custom", message: error.message});
    }
  });
}

function whole(low: number, high: number) {
  const allowed = `a whole number from ${low} to ${high}`;
  return z.int(allowed).min(low, allowed).max(high, allowed);
}

/** A number in an interval in the notation of mathematics: `(0, 1]` is above 0 and at most 1. */
function real(interval: `${"[" | "("}${number}, ${number}${"]" | ")"}`) {
  const allowed = `a number in ${interval}`;
  const [low, high] = interval.slice(1, -1).split(", ").map(Number);
  const above = interval.startsWith("[")
    ? z.number(allowed).gte(low, allowed)
    : z.number(allowed).gt(low, allowed);
  return interval.endsWith("]") ? above.lte(high, allowed) : above.lt(high, allowed);
}

function text(pattern: RegExp, allowed: string) {
  return z.string(allowed).regex(pattern, allowed);
}

/** A text that `parse` understands; its errors say what is wrong with it. */
function parsedText(parse: (text: string) => unknown, allowed: string) {
  return z.string(allowed).superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof BitscapeError)) throw error;
      context.addIssue({code: "custom", message: error.message});
    }
  });
}

function oneOf<const Names extends readonly string[]>(names: Names) {
  return z.enum(names, `one of ${names.join(", ")}`);
}
