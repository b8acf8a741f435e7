// Computes runs in a worker thread, one at a time, each in a memory of its own: receives settings, posts `ThreadMessage`s.
import {totalmem} from "node:os";
import {parentPort} from "node:worker_threads";
import {BitscapeError} from "../errors.js";
import {createKernels} from "../kernels/kernels.js";
import {loadCorpus} from "../training/corpora/load-corpus.js";
import type {RunSettings} from "../training/run-settings.js";
import {trainRun} from "../training/train-run.js";
import type {ThreadMessage} from "./run-thread.js";

/** Of the machine, or of the container where that has less. */
const memoryLimit = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

const post = (message: ThreadMessage) => parentPort!.postMessage(message);

parentPort!.on("message", async (settings: RunSettings) => {
  try {
    const kernels = await createKernels();
    const corpus = await loadCorpus(settings, {kernels});
    const onProgress = ({step, loss}: {step: number; loss: number}) => post({type: "progress", step, loss});
    const record = await trainRun(settings, kernels, corpus, {onProgress, memoryLimit});
    post({type: "record", record});
  } catch (error) {
    if (error instanceof BitscapeError)
      post({type: "refusal", message: error.message, exitCode: error.exitCode});
    else throw error; // ends the thread, which reports it
  }
});
