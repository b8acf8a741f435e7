import {type ChildProcess, fork} from "node:child_process";
import {fileURLToPath} from "node:url";
import {BitscapeError} from "../errors.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import type {CheckpointPlace} from "./checkpoint-files.js";

/** What a worker program sends: that it is ready, then for each run any number of progress messages and an end. */
export type WorkerMessage =
  | {readonly type: "ready"}
  | {readonly type: "progress"; readonly step: number; readonly loss: number}
  | {readonly type: "record"; readonly record: RunRecord}
  /** The settings ask for what cannot be. */
  | {readonly type: "refusal"; readonly message: string; readonly exitCode: 1 | 2}
  /** An exception that nobody foresaw. */
  | {readonly type: "mistake"; readonly message: string};

/** What a worker program receives for each run. */
export interface WorkerTask {
  readonly id: string;
  readonly settings: RunSettings;
  /** If it is to keep one. */
  readonly checkpoints?: CheckpointPlace;
}

export type OnStep = (progress: {readonly step: number; readonly loss: number}) => void;

/** A process that computes one run at a time; whatever happens to it, this process and the others go on. */
export interface RunProcess {
  /** Whether the program came so far that it could take a run. */
  readonly wasReady: () => boolean;
  /** Whether a signal from outside ended it. */
  readonly wasKilled: () => boolean;
  readonly hasEnded: () => boolean;
  /** Rejects with a BitscapeError when the run is refused, with another error when it fails or the process ends. */
  readonly compute: (task: WorkerTask, onStep: OnStep) => Promise<RunRecord>;
  /** Ends the process, in the middle of a run if need be. */
  readonly stop: () => Promise<void>;
}

interface Pending {
  readonly onStep: OnStep;
  readonly resolve: (record: RunRecord) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a process with a worker program, which receives a `WorkerTask` for each run and sends `WorkerMessage`s. */
export function startProcess(program: URL): RunProcess {
  const child = fork(fileURLToPath(program), {
    serialization: "advanced", // JSON knows neither NaN nor -0
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Other cores have runs of their own: threads that help to collect garbage would take turns with them.
    execArgv: ["--single-threaded-gc"],
  });
  const lastWords = keepLastWords(child);
  let isReady = false;
  let pending: Pending | undefined;
  let end: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    const endWith = (reason: string) => {
      end ??= new Error(reason);
      pending?.reject(end);
      resolve();
    };
    child.on("error", (error) => endWith(`the worker cannot be started: ${error.message}`));
    child.on("exit", (code, signal) => endWith(describeEnd(code, signal) + lastWords()));
  });
  child.on("message", (message: WorkerMessage) => {
    if (message.type === "ready") isReady = true;
    else if (message.type === "progress") pending?.onStep(message);
    else if (message.type === "record") pending?.resolve(message.record);
    else if (message.type === "mistake") pending?.reject(new Error(message.message));
    else pending?.reject(new BitscapeError(message.message, message.exitCode));
  });
  return {
    wasReady: () => isReady,
    wasKilled: () => child.signalCode !== null,
    hasEnded: () => end !== undefined,
    compute: (task, onStep) =>
      new Promise((resolve, reject) => {
        if (end) throw end;
        pending = {onStep, resolve, reject};
        child.send(task, () => {}); // what cannot be sent is for a process that is ending
      }),
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "the worker was killed (SIGKILL), perhaps for want of memory";
  return signal ? `the worker was ended by ${signal}` : `the worker ended with exit code ${code}`;
}

const longestLastWords = 4096;

/** Node says on stderr why it gives up, before a long trace. */
function keepLastWords(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-longestLastWords);
  });
  return () => {
    const [line] = /^(FATAL ERROR|\w*Error): .*$/m.exec(text) ?? [];
    return line ? `: ${line}` : "";
  };
}
