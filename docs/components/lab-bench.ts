import type {RunReport, RunRequest} from "../src/training/browser-worker.js";
import type {BrowserCorpus} from "../src/training/corpora/browser-corpus.js";
import type {HeldOutLoss, PostTrainingLoss, RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {type LabProbe, type ProbeColumns, recordedProbes} from "./recorded-probes.js";
import type {TrainingWorker} from "./run-in-tab.js";

/** A recorded run, as `loaders/lab.json` has it. */
export interface RecordedRun
  extends Pick<
    RunRecord,
    | "id"
    | "engine"
    | "settings"
    | "parameters"
    | "vocabularySize"
    | "trainingLoss"
    | "heldOutLoss"
    | "floor"
    | "diverged"
    | "weightHash"
    | "timing"
  > {
  readonly probes: ProbeColumns;
}

/** What is known of a run, recorded or of this tab. */
export interface LabRun {
  readonly settings: RunSettings;
  readonly origin: "recorded" | "tab";
  /** A stopped run was ended by the reader; a failed one by an error. */
  readonly status: "starting" | "running" | "paused" | "stopped" | "failed" | "done";
  /** Steps done. */
  readonly step: number;
  readonly losses: readonly number[];
  readonly heldOutLoss: readonly HeldOutLoss[];
  /** With the weights cast after the last step. */
  readonly postTraining: readonly PostTrainingLoss[];
  readonly probes: readonly LabProbe[];
  readonly floor: number | null;
  readonly parameters: number | null;
  /** Number of distinct tokens. */
  readonly vocabularySize: number | null;
  /** Seconds spent on steps. */
  readonly seconds: number;
  readonly diverged: RunRecord["diverged"];
  /** Of the final weights, once all steps are done. */
  readonly weightHash: string | null;
  readonly engine: string | null;
  readonly id: string | null;
  /** What went wrong in a failed run. */
  readonly message: string;
}

export interface BenchOptions {
  readonly recorded: readonly RecordedRun[];
  /** Called once for each run that is started. */
  readonly startWorker: () => TrainingWorker;
  /** What a worker needs to have the text of a run. */
  readonly corpusOf: (settings: RunSettings) => BrowserCorpus;
}

/** Trains runs in workers and keeps what came of each, by its settings. */
export interface Bench {
  /** The run of this tab with these settings, else the recorded one. */
  result(settings: RunSettings): LabRun | undefined;
  recorded(settings: RunSettings): LabRun | undefined;
  /** Runs that have begun and are neither finished nor stopped. */
  active(): readonly LabRun[];
  /** Begins runs, all at once, and lets them do `steps` steps or all. */
  start(runs: readonly RunSettings[], steps?: number): void;
  /** Lets the active runs go on: to so many steps after the one that is ahead, so that all rest at the same, or to the end. */
  go(steps?: number): void;
  /** Lets all rest at the step of the one that is ahead; asked again before they do, where they are. */
  pause(): void;
  /** The step to which a run that is behind still goes on before it rests; null where none does. */
  restingStep(): number | null;
  stop(): void;
  /** Calls the listener after every change. */
  subscribe(listener: () => void): void;
}

const keys = new WeakMap<RunSettings, string>();

/** Equal for equal settings, whatever the order of their keys. */
export function settingsKey(settings: RunSettings): string {
  // Every drawing asks for those of all runs.
  const key =
    keys.get(settings) ?? JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
  keys.set(settings, key);
  return key;
}

export const isActive = ({status}: LabRun): boolean =>
  status === "starting" || status === "running" || status === "paused";

/** Whether it waits to be told to go on. */
export const isResting = ({status}: LabRun): boolean => status === "paused";

export function createBench({recorded, startWorker, corpusOf}: BenchOptions): Bench {
  const records = new Map(recorded.map((run) => [settingsKey(run.settings), recordedRun(run)]));
  const runs = new Map<string, LabRun>();
  const workers = new Map<string, TrainingWorker>();
  const listeners: (() => void)[] = [];
  let isPausing = false;

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const change = (key: string, changes: Partial<LabRun>) => {
    runs.set(key, {...runs.get(key)!, ...changes});
    tell();
    if (isPausing) catchUp();
  };
  const end = (key: string, changes: Partial<LabRun>) => {
    workers.get(key)?.terminate();
    workers.delete(key);
    change(key, changes);
  };
  const receive = (key: string, report: RunReport) => {
    const run = runs.get(key)!;
    if (report.type === "started") {
      const {parameters, vocabularySize, floor} = report;
      change(key, {parameters, vocabularySize, floor});
    } else if (report.type === "news") {
      change(key, {
        // After the last step a run does not rest: it is about to be done.
        status: report.isPaused && report.step < run.settings.steps ? "paused" : "running",
        step: report.step,
        losses: run.losses.concat(report.losses),
        heldOutLoss: run.heldOutLoss.concat(report.heldOutLoss),
        probes: run.probes.concat(report.probes),
        seconds: report.seconds,
      });
    } else if (report.type === "done") {
      const {diverged, weightHash, engine, id, postTraining} = report.record;
      end(key, {status: "done", diverged, weightHash, engine, id, postTraining});
    } else end(key, {status: "failed", message: report.message});
  };
  const post = (key: string, request: RunRequest) => workers.get(key)?.postMessage(request);
  const start = (settings: RunSettings, steps?: number) => {
    const key = settingsKey(settings);
    workers.get(key)?.terminate();
    runs.set(key, newRun(settings));
    try {
      const worker = startWorker();
      workers.set(key, worker);
      worker.onmessage = ({data}: MessageEvent<RunReport>) => receive(key, data);
      worker.onerror = (event) =>
        end(key, {status: "failed", message: event.message || "the worker could not be started"});
      post(key, {type: "start", settings, corpus: corpusOf(settings), steps});
      change(key, {});
    } catch (error) {
      end(key, {status: "failed", message: (error as Error).message});
    }
  };
  const active = () => [...runs.values()].filter(isActive);
  const activeKeys = () => active().map(({settings}) => settingsKey(settings));
  const furthest = () => Math.max(...active().map(({step}) => step));
  const goTo = (step?: number) => {
    for (const run of active()) {
      const steps = step === undefined ? undefined : step - run.step;
      if (steps === 0) continue;
      const key = settingsKey(run.settings);
      post(key, {type: "go", steps});
      change(key, {status: "running"});
    }
  };
  // Runs differ in speed, and where they are is known once they rest.
  const catchUp = () => {
    if (!active().every(isResting)) return;
    goTo(furthest());
    isPausing = !active().every(isResting);
  };
  return {
    result: (settings) => runs.get(settingsKey(settings)) ?? records.get(settingsKey(settings)),
    recorded: (settings) => records.get(settingsKey(settings)),
    active,
    start(all, steps) {
      const different = new Map(all.map((settings) => [settingsKey(settings), settings]));
      for (const settings of different.values()) start(settings, steps);
    },
    go: (steps) => goTo(steps === undefined ? undefined : furthest() + steps),
    pause() {
      isPausing = !isPausing;
      for (const key of activeKeys()) post(key, {type: "pause"});
      tell();
    },
    restingStep: () =>
      isPausing && active().some(isResting) && !active().every(isResting) ? furthest() : null,
    stop() {
      for (const key of activeKeys()) end(key, {status: "stopped"});
    },
    subscribe: (listener) => {
      listeners.push(listener);
    },
  };
}

const newRun = (settings: RunSettings): LabRun => ({
  ...{settings, origin: "tab", status: "starting", step: 0, losses: [], heldOutLoss: [], probes: []},
  ...{
    postTraining: [],
    floor: null,
    parameters: null,
    vocabularySize: null,
    seconds: 0,
    diverged: null,
    weightHash: null,
    engine: null,
  },
  ...{id: null, message: ""},
});

const recordedRun = ({trainingLoss, timing, probes, ...run}: RecordedRun): LabRun => ({
  ...run,
  ...{origin: "recorded", status: "done", message: "", probes: recordedProbes(probes), postTraining: []},
  ...{step: run.diverged?.step ?? run.settings.steps, losses: trainingLoss, seconds: timing.seconds},
});
