import {z} from "zod";
import {type RunRecord, recordVersion} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";

/** JSON knows neither these numbers nor the sign of zero; they are stored as text. */
const unusualNumbers = ["NaN", "Infinity", "-Infinity", "-0"] as const;

const real = z.union([z.number(), z.enum(unusualNumbers).transform(Number)]);
const listOfReals = z.array(real);

/** Curves have thousands of points: where all are numbers, one look at each is enough. */
const reals = z.unknown().transform((value, context): number[] => {
  if (Array.isArray(value) && value.every(Number.isFinite)) return value;
  const {data, error} = listOfReals.safeParse(value);
  for (const {path, message} of error?.issues ?? []) context.addIssue({code: "custom", path, message});
  return data ?? [];
});
const count = z.int().min(0);
const shares = z.record(z.string(), real);

const probe = z.strictObject({
  step: count,
  depth: count,
  layer: z.string(),
  tensor: z.enum(["activation", "weight", "activation gradient", "weight gradient"]),
  elements: count,
  mean: real,
  spread: real,
  largest: real,
  zeros: real,
  histogram: reals,
  underflow: shares,
  overflow: shares,
  casts: z.array(
    z.strictObject({
      product: z.enum(["forward", "input gradient", "weight gradient"]),
      cast: z.string(),
      signalToNoise: real,
      underflow: real,
      overflow: real,
      codes: real.nullable(),
    }),
  ),
  gradientToNoise: real.nullable(),
  updates: z.strictObject({stored: real.nullable(), cast: real.nullable()}).nullable(),
});

/** What a stored record must look like. Its settings were checked when the run was planned; the id vouches for them. */
export const runRecordSchema = z.strictObject({
  id: z.string(),
  version: z.literal(recordVersion),
  engine: z.string(),
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .transform((settings) => settings as unknown as RunSettings),
  parameters: count,
  memory: z.strictObject({
    weights: count,
    gradients: count,
    optimizer: count,
    activations: count,
    probes: count,
  }),
  tokens: count,
  vocabularySize: count,
  trainingLoss: reals,
  heldOutLoss: z.array(z.strictObject({step: count, loss: real})),
  finalTrainingLoss: real.nullable(),
  finalHeldOutLoss: real.nullable(),
  floor: real.nullable(),
  // Records from before there was such a thing have none.
  postTraining: z
    .array(z.strictObject({cast: z.string(), method: z.enum(["nearest", "gptq"]), heldOutLoss: real}))
    .default([]),
  diverged: z.strictObject({step: count, reason: z.string()}).nullable(),
  probes: z.array(probe),
  gradientToNoise: z.array(z.strictObject({step: count, ratio: real})),
  lossScaling: z.strictObject({scale: real, skippedSteps: count}),
  weightHash: z.string(),
  timing: z.strictObject({seconds: real, tokensPerSecond: real}),
}) satisfies z.ZodType<RunRecord>;

/** The JSON of a record or of parts of one, from which `runRecordSchema` gives back an equal one. */
export const recordJson = (record: object): string =>
  JSON.stringify(record, (_, value: unknown) => (isUnusual(value) ? textOf(value) : value));

const isUnusual = (value: unknown): value is number =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0));

const textOf = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
