// Computes runs in a process of its own, one at a time: receives `WorkerTask`s, sends `WorkerMessage`s.
import {BitscapeError} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import {createKernels} from "../kernels/kernels.js";
import type {Corpus} from "../training/corpora/corpus.js";
import {loadCorpus} from "../training/corpora/load-corpus.js";
import type {RunSettings} from "../training/run-settings.js";
import {trainRun} from "../training/train-run.js";
import {checkpointFiles} from "./checkpoint-files.js";
import {machineBytes} from "./run-memory.js";
import type {WorkerMessage, WorkerTask} from "./run-process.js";

const memoryLimit = machineBytes();

// Ctrl-C in a terminal and schedulers signal to all processes: the one that gave the run decides what it means.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.on("disconnect", () => process.exit());

const send = (message: WorkerMessage) => process.send!(message);

process.on("message", async ({id, settings, checkpoints: place}: WorkerTask) => {
  try {
    const corpus = await corpusFor(settings);
    const kernels = await createKernels(); // with a memory of its own, which ends with the run
    const onProgress = ({step, loss}: {step: number; loss: number}) => {
      send({type: "progress", step, loss});
      return new Promise<void>((resolve) => setImmediate(resolve)); // to hear of a disconnection
    };
    const checkpoints = place && checkpointFiles(place, {id, engine: engineId});
    const record = await trainRun(settings, kernels, corpus, {onProgress, memoryLimit, checkpoints});
    send({type: "record", record});
  } catch (error) {
    if (error instanceof BitscapeError) send({type: "refusal", ...refusal(error)});
    else send({type: "mistake", message: String(error)});
  }
});

/** A corpus takes longer than a tiny run, and the next run mostly has the same; nothing a run does changes it. */
let lastCorpus: {readonly key: string; readonly corpus: Corpus} | undefined;

async function corpusFor(settings: RunSettings): Promise<Corpus> {
  const {corpus: name, corpusChecksum, vocabulary, context} = settings;
  const key = JSON.stringify([name, corpusChecksum, vocabulary, context]);
  if (lastCorpus?.key === key) return lastCorpus.corpus;
  lastCorpus = undefined; // before another takes its place in memory
  const corpus = await loadCorpus(settings, {kernels: await createKernels()});
  lastCorpus = {key, corpus};
  return corpus;
}

const refusal = ({message, exitCode}: BitscapeError) =>
  ({message, exitCode: exitCode === 2 ? 2 : 1}) as const;

send({type: "ready"});
