import type {LawTasks, TaskName, TaskReport, TaskRequest} from "./law-tasks.js";

/** What of a worker is needed. */
export type TaskWorker = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** Why a task has no result: the reader, or a newer task, ended it. */
export class Stopped extends Error {}

export interface TaskRunner {
  /** Starts a task, and ends the one that is under way. */
  readonly run: <Name extends TaskName>(
    request: {readonly type: Name} & LawTasks[Name]["request"],
    onProgress?: (done: number, of: number) => void,
  ) => Promise<LawTasks[Name]["result"]>;
  /** Ends the task that is under way, if there is one. */
  readonly stop: () => void;
  readonly isBusy: () => boolean;
}

/** Does one task at a time in a worker, which is started when the first one is asked for. */
export function taskRunner(startWorker: () => TaskWorker): TaskRunner {
  let worker: TaskWorker | undefined;
  let end: ((reason: Error) => void) | undefined;
  const stop = () => {
    if (!end) return;
    worker?.terminate();
    worker = undefined;
    end(new Stopped("stopped"));
  };
  return {
    stop,
    isBusy: () => end !== undefined,
    run(request, onProgress = () => {}) {
      stop();
      return new Promise((resolve, reject) => {
        const finish =
          <Value>(settle: (value: Value) => void) =>
          (value: Value) => {
            end = undefined;
            settle(value);
          };
        end = finish(reject);
        const fail = (message: string) => {
          worker?.terminate();
          worker = undefined;
          end?.(new Error(message));
        };
        worker ??= startWorker();
        worker.onmessage = ({data}: MessageEvent<TaskReport>) => {
          if (data.type === "progress") onProgress(data.done, data.of);
          else if (data.type === "error") finish(reject)(new Error(data.message));
          else finish(resolve)(data.result as never);
        };
        worker.onerror = (event) => fail(event.message || "the worker could not be started");
        worker.postMessage(request satisfies TaskRequest | typeof request);
      });
    },
  };
}
