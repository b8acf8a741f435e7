import {Worker} from "node:worker_threads";
import {BitscapeError} from "../errors.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";

/** What a worker program posts: any number of progress messages, then a record or a refusal. */
export type ThreadMessage =
  | {readonly type: "progress"; readonly step: number; readonly loss: number}
  | {readonly type: "record"; readonly record: RunRecord}
  | {readonly type: "refusal"; readonly message: string; readonly exitCode: 1 | 2};

export type OnStep = (progress: {readonly step: number; readonly loss: number}) => void;

/** A worker thread that computes one run at a time. */
export interface RunThread {
  /** Rejects when the run fails or the thread ends. */
  readonly compute: (settings: RunSettings, onStep: OnStep) => Promise<RunRecord>;
  /** Ends the thread, in the middle of a run if need be. */
  readonly stop: () => Promise<void>;
}

interface Task {
  readonly onStep: OnStep;
  readonly resolve: (record: RunRecord) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a thread with a worker program, which receives settings and posts `ThreadMessage`s. */
export function startThread(program: URL): RunThread {
  const worker = new Worker(program);
  let task: Task | undefined;
  let end: Error | undefined;
  const endWith = (error: Error) => {
    end ??= error;
    task?.reject(end);
  };
  worker.on("error", endWith);
  worker.on("exit", (code) => endWith(new Error(`the worker thread ended with exit code ${code}`)));
  worker.on("message", (message: ThreadMessage) => {
    if (message.type === "progress") task?.onStep(message);
    else if (message.type === "record") task?.resolve(message.record);
    else task?.reject(new BitscapeError(message.message, message.exitCode));
  });
  return {
    compute: (settings, onStep) =>
      new Promise((resolve, reject) => {
        if (end) throw end;
        task = {onStep, resolve, reject};
        worker.postMessage(settings);
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
}
