import type {RunRecord} from "../training/run-record.js";
import type {RunOrigin} from "./run-origin.js";

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
