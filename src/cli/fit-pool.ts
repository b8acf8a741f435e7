import {availableParallelism} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {Worker} from "node:worker_threads";
import type {FitEvents} from "../laws/fit.js";
import type {FitRequest} from "../laws/fit-message.js";
import {type FitWorker, fitOnWorkers} from "../laws/fit-on-workers.js";
import type {FitResult} from "../laws/fit-result.js";
import {packageFolder} from "../training/folders.js";

interface FitPoolOptions extends FitEvents {
  /** Threads; by default one for each core. */
  readonly workers?: number;
  /** The worker program. */
  readonly program?: URL;
}

/** A fit on the cores of this machine; the result does not depend on how many there are. */
export const fitOnCores = (
  request: FitRequest,
  {
    workers = availableParallelism(),
    program = pathToFileURL(join(packageFolder, "build/fit-worker.js")),
    ...events
  }: FitPoolOptions = {},
): Promise<FitResult> => fitOnWorkers(request, () => startThread(program), {...events, workers});

/** A thread under the names that a page's worker has. */
function startThread(program: URL): FitWorker {
  const thread = new Worker(program);
  const worker: FitWorker = {
    postMessage: (message) => thread.postMessage(message),
    terminate: () => thread.terminate(),
    onmessage: null,
    onerror: null,
  };
  thread.on("message", (data) => worker.onmessage?.({data}));
  thread.on("error", (error) => worker.onerror?.(error as Error));
  return worker;
}
