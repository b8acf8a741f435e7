// Computes runs in a process of its own, one at a time: receives settings, sends `WorkerMessage`s.
import {BitscapeError} from "../errors.js";
import {createKernels} from "../kernels/kernels.js";
import {loadCorpus} from "../training/corpora/load-corpus.js";
import type {RunSettings} from "../training/run-settings.js";
import {trainRun} from "../training/train-run.js";
import {machineBytes} from "./run-memory.js";
import type {WorkerMessage} from "./run-process.js";

const memoryLimit = machineBytes();

// Ctrl-C in a terminal and schedulers signal to all processes: the one that gave the run decides what it means.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.on("disconnect", () => process.exit());

const send = (message: WorkerMessage) => process.send!(message);

process.on("message", async (settings: RunSettings) => {
  try {
    const kernels = await createKernels();
    const corpus = await loadCorpus(settings, {kernels});
    const onProgress = ({step, loss}: {step: number; loss: number}) => {
      send({type: "progress", step, loss});
      return new Promise<void>((resolve) => setImmediate(resolve)); // to hear of a disconnection
    };
    const record = await trainRun(settings, kernels, corpus, {onProgress, memoryLimit});
    send({type: "record", record});
  } catch (error) {
    if (error instanceof BitscapeError) send({type: "refusal", ...refusal(error)});
    else send({type: "mistake", message: String(error)});
  }
});

send({type: "ready"});

const refusal = ({message, exitCode}: BitscapeError) =>
  ({message, exitCode: exitCode === 2 ? 2 : 1}) as const;
