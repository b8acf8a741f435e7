import {z} from "zod";
import type {RunRecord} from "../training/run-record.js";
import {type RunOrigin, runOriginSchema} from "./run-origin.js";
import {runRecordSchema} from "./run-record-schema.js";

/** What lists and tables say of a finished run: its record without curves and probes. */
export type RunSummary = Pick<
  RunRecord,
  | "id"
  | "engine"
  | "settings"
  | "parameters"
  | "tokens"
  | "finalTrainingLoss"
  | "finalHeldOutLoss"
  | "floor"
  | "diverged"
  | "weightHash"
> & {
  /** Time that the run took on one core. */
  readonly seconds: number;
  /** Null for records that do not say where they come from. */
  readonly origin: RunOrigin | null;
};

const parts = runRecordSchema.shape;

export const runSummarySchema = z.strictObject({
  id: parts.id,
  engine: parts.engine,
  settings: parts.settings,
  parameters: parts.parameters,
  tokens: parts.tokens,
  finalTrainingLoss: parts.finalTrainingLoss,
  finalHeldOutLoss: parts.finalHeldOutLoss,
  floor: parts.floor,
  diverged: parts.diverged,
  weightHash: parts.weightHash,
  seconds: parts.timing.shape.seconds,
  origin: runOriginSchema.nullable(),
}) satisfies z.ZodType<RunSummary>;

export const summarize = (record: RunRecord, origin: RunOrigin | null): RunSummary => ({
  id: record.id,
  engine: record.engine,
  settings: record.settings,
  parameters: record.parameters,
  tokens: record.tokens,
  finalTrainingLoss: record.finalTrainingLoss,
  finalHeldOutLoss: record.finalHeldOutLoss,
  floor: record.floor,
  diverged: record.diverged,
  weightHash: record.weightHash,
  seconds: record.timing.seconds,
  origin,
});
