import {fork} from "node:child_process";
import {once} from "node:events";
import {Worker} from "node:worker_threads";
import type {Candidate} from "./measure.js";
import type {TrainingRequest} from "./training-worker.js";

/** Something that trains outside the main thread. */
export interface Elsewhere {
  tokensPerSecond(request: TrainingRequest): Promise<number>;
  close(): void;
}

const entry = new URL("./training-worker.js", import.meta.url);

export function startWorker(): Elsewhere {
  const worker = new Worker(entry);
  return {
    async tokensPerSecond(request) {
      worker.postMessage(request);
      return (await once(worker, "message"))[0];
    },
    close: () => worker.terminate(),
  };
}

/** A fresh Node with the given V8 flags. */
export function startProcess(flags: readonly string[]): Elsewhere {
  const child = fork(entry, {execArgv: [...flags]});
  return {
    async tokensPerSecond(request) {
      child.send(request);
      return (await once(child, "message"))[0];
    },
    close: () => child.kill(),
  };
}

/** The sum over all of `places`, which train at the same time. */
export const trainingIn = (
  name: string,
  places: readonly Elsewhere[],
  request: Omit<TrainingRequest, "seconds">,
): Candidate => ({
  name,
  unit: "tokens/s",
  async rate(seconds) {
    const rates = await Promise.all(places.map((place) => place.tokensPerSecond({...request, seconds})));
    return rates.reduce((sum, rate) => sum + rate, 0);
  },
});
