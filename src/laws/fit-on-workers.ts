import {failure} from "../errors.js";
import {type FitEvents, fitSteps, stopped} from "./fit.js";
import {errorOf, type FitMessage, type FitReply, type FitRequest, problemOf} from "./fit-message.js";
import type {FitResult} from "./fit-result.js";
import type {FitWork, Outcome} from "./fit-work.js";

/** What of a worker is needed; a page's `Worker` is one. Its other end is a `fitServer`. */
export interface FitWorker {
  postMessage(message: FitMessage): void;
  onmessage: ((event: {readonly data: FitReply}) => void) | null;
  onerror: ((event: {readonly message: string}) => void) | null;
  terminate(): unknown;
}

/** Shares of a stage for each worker, so that a slow one does not keep the others waiting, and progress is seen. */
const sharesPerWorker = 16;

/** Searches in a share, so that progress is seen of a million of them as well. */
const largestShare = 100;

/**
 * A fit whose searches are divided among workers, which it ends when it is done, fails or is stopped. The result is that
 * of `fit`, to the last bit.
 * @throws what `fit` does
 */
export async function fitOnWorkers(
  request: FitRequest,
  startWorker: () => FitWorker,
  {workers: count, onProgress, isStopped}: FitEvents & {readonly workers: number},
): Promise<FitResult> {
  const steps = fitSteps(problemOf(request)); // reports a bad table before any worker is started
  const workers: FitWorker[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const worker = startWorker();
      workers.push(worker);
      worker.postMessage({type: "request", request});
    }
    let step = steps.next();
    while (!step.done) step = steps.next(await divide(step.value));
    return step.value;
  } finally {
    for (const worker of workers) worker.terminate();
  }

  async function divide(work: FitWork): Promise<Outcome[]> {
    const size = Math.max(
      1,
      Math.min(largestShare, Math.ceil((work.to - work.from) / (count * sharesPerWorker))),
    );
    const outcomes: Outcome[] = [];
    let next = work.from;
    let done = 0;
    const serve = async (worker: FitWorker) => {
      while (next < work.to) {
        if (isStopped?.()) throw stopped();
        const from = next;
        const to = Math.min(work.to, from + size);
        next = to;
        const share = await answer(worker, {type: "work", work: {...work, from, to}});
        share.forEach((outcome, i) => {
          outcomes[from + i] = outcome;
        });
        done += to - from;
        onProgress?.({stage: work.kind, done, of: work.to - work.from});
      }
    };
    await Promise.all(workers.map(serve));
    return outcomes;
  }
}

const answer = (worker: FitWorker, message: FitMessage): Promise<readonly Outcome[]> =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({data}) =>
      data.type === "outcomes" ? resolve(data.outcomes) : reject(errorOf(data));
    worker.onerror = ({message}) => reject(failure(`a worker of the fit failed: ${message}`));
    worker.postMessage(message);
  });
