import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import type {RunOrigin} from "./run-origin.js";

/** A run that is to be computed. */
export interface PlannedRun {
  readonly id: string;
  readonly settings: RunSettings;
  /** The settings in which it differs from the others; empty when there is only one. */
  readonly label: string;
}

/** An attempt at a run that gave no record. */
export interface FailedAttempt {
  /** One line. */
  readonly reason: string;
  /** From 1. */
  readonly attempt: number;
  readonly willRetry: boolean;
  /** 2 where the settings ask for what cannot be, else 1. */
  readonly exitCode: 1 | 2;
}

/** What an executor tells. Of one run: starts and progress, then a record or failed attempts. */
export interface ExecutorEvents {
  /** @param worker what computes the run, for people: `worker 3`, or the name of a machine */
  onStart(id: string, worker: string): void;
  /** @param progress steps done, and the last training loss in nats per token */
  onProgress(id: string, progress: {readonly step: number; readonly loss: number}): void;
  /**
   * Puts the record into the store; the executor waits for it, and ends with its error where that fails.
   * @param origin of a record that was computed elsewhere
   */
  onRecord(id: string, record: RunRecord, origin?: RunOrigin | null): Promise<void>;
  onFailure(id: string, attempt: FailedAttempt): void;
  /** A line for people about the executor itself: fewer workers than asked for, a server that does not answer. */
  onNotice(line: string): void;
}

export interface StopSignals {
  /** Starts no further run and finishes those in flight. */
  readonly drain: AbortSignal;
  /** Ends the runs in flight too. */
  readonly now: AbortSignal;
}

export interface ExecutorOptions {
  /** How often a run is tried again whose worker was lost; runs that refuse their settings are not tried again. */
  readonly retries: number;
  /** Stops everything when the first run has failed for good. */
  readonly failFast: boolean;
}

/** Computes runs: on this machine, or on others. */
export interface Executor {
  /**
   * Begins the runs in their order, until each has a record or has failed for good, or `stop` says so. Runs that were
   * not begun, or ended by a stop, are told of by nothing.
   * @throws what `onRecord` throws, or a one-line error when no run can be computed at all
   */
  run(
    runs: readonly PlannedRun[],
    events: ExecutorEvents,
    stop: StopSignals,
    options: ExecutorOptions,
  ): Promise<void>;
  /** Ends its workers. */
  close(): Promise<void>;
}
