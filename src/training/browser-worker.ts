// Trains one run in a browser's worker. The page posts requests, the worker posts reports.
import {createKernels} from "../kernels/kernels.js";
import {type BrowserCorpus, browserCorpus} from "./corpora/browser-corpus.js";
import {type PacedRun, pacedRun, type RunNews} from "./paced-run.js";
import {createRun} from "./run.js";
import type {RunRecord} from "./run-record.js";
import type {RunSettings} from "./run-settings.js";

/** What the page can ask for: first of all to start, then as often as it likes. */
export type RunRequest =
  | {
      readonly type: "start";
      readonly settings: RunSettings;
      readonly corpus: BrowserCorpus;
      /** Steps to do at once; all of them where nothing is said. */
      readonly steps?: number;
    }
  | {readonly type: "go"; readonly steps?: number}
  | {readonly type: "pause"};

/** What the worker tells. */
export type RunReport =
  | {
      readonly type: "started";
      readonly parameters: number;
      readonly vocabularySize: number;
      readonly floor: number | null;
    }
  | ({readonly type: "news"} & RunNews)
  /** The record is without its probes, which the news have told. */
  | {readonly type: "done"; readonly record: RunRecord}
  | {readonly type: "error"; readonly message: string};

let paced: Promise<PacedRun> | undefined;

const post = (report: RunReport) => postMessage(report);
const fail = (error: unknown) =>
  post({type: "error", message: error instanceof Error ? error.message : String(error)});

// Posting to ourselves lets waiting messages in between, and is not slowed down while the tab is hidden as timers are.
const {port1, port2} = new MessageChannel();
let next: (() => void) | undefined;
port1.onmessage = () => next?.();
const defer = (callback: () => void) => {
  next = callback;
  port2.postMessage(null);
};

async function start({settings, corpus: source}: RunRequest & {type: "start"}): Promise<PacedRun> {
  const kernels = await createKernels();
  const corpus = await browserCorpus(source, settings, kernels);
  const run = createRun(settings, kernels, corpus);
  const {vocabularySize, floor} = corpus;
  post({type: "started", parameters: run.parameterCount, vocabularySize, floor});
  return pacedRun(run, {
    onNews: (news) => post({type: "news", ...news}),
    onDone: (record) => post({type: "done", record: {...record, probes: []}}),
    onError: fail,
    defer,
  });
}

addEventListener("message", async ({data}: MessageEvent<RunRequest>) => {
  try {
    if (data.type === "start") paced = start(data);
    const run = await paced;
    if (data.type === "pause") run?.pause();
    else run?.go(data.steps);
  } catch (error) {
    fail(error);
  }
});
