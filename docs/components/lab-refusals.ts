import type {RefusalAnswer} from "../src/training/refusal-worker.js";
import type {RefusalQuestion, RunRefusal} from "../src/training/run-refusal.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {settingsKey} from "./lab-bench.js";
import type {TrainingWorker} from "./run-in-tab.js";

/** What is known of settings that are possible one by one and impossible together. */
export interface LabRefusals {
  /** Why a run cannot begin; undefined also as long as that is not known. */
  of(settings: RunSettings): RunRefusal | undefined;
  /** Finds out what is not known of these, in a worker, once nothing else has been asked for a moment. */
  ask(questions: readonly RefusalQuestion[]): void;
  /** Calls the listener after every answer. */
  subscribe(listener: () => void): void;
}

export interface LabRefusalsOptions {
  /** Of `src/training/refusal-worker.ts`; called only when there is something to ask. */
  readonly startWorker: () => TrainingWorker;
  readonly clock: Pick<Window, "setTimeout" | "clearTimeout">;
}

/** Milliseconds without another question, as while something is typed. */
const rest = 300;

export function labRefusals({startWorker, clock}: LabRefusalsOptions): LabRefusals {
  const answers = new Map<string, RunRefusal | undefined>();
  const listeners: (() => void)[] = [];
  let worker: TrainingWorker | undefined;
  let timer: number | undefined;

  const stop = () => {
    clock.clearTimeout(timer);
    worker?.terminate();
    worker = undefined;
  };
  const findOut = ([question, ...others]: readonly RefusalQuestion[]) => {
    if (!question) return stop();
    worker ??= startWorker();
    worker.onmessage = ({data}: MessageEvent<RefusalAnswer>) => {
      answers.set(settingsKey(question.settings), data.refusal);
      for (const listener of listeners) listener();
      findOut(others);
    };
    // Then it is the run that says what is wrong.
    worker.onerror = stop;
    worker.postMessage(question);
  };
  return {
    of: (settings) => answers.get(settingsKey(settings)),
    ask(questions) {
      stop();
      const open = questions.filter(({settings}) => !answers.has(settingsKey(settings)));
      if (open.length > 0) timer = clock.setTimeout(() => findOut(open), rest);
    },
    subscribe: (listener) => {
      listeners.push(listener);
    },
  };
}
