// Trains one run in a browser's worker: receives {settings, declaration}, posts progress and then the record or an error.
import {createKernels} from "../kernels/kernels.js";
import {type MarkovDeclaration, markovCorpus} from "./corpora/markov.js";
import type {RunSettings} from "./run-settings.js";
import {trainRun} from "./train-run.js";

/** What the page sends: settings of a run on the `markov` corpus, and that corpus's declaration. */
export interface BrowserRunRequest {
  readonly settings: RunSettings;
  readonly declaration: MarkovDeclaration;
}

addEventListener("message", async ({data}: MessageEvent<BrowserRunRequest>) => {
  try {
    const kernels = await createKernels();
    const corpus = markovCorpus(data.declaration, kernels);
    const onProgress = (progress: object) => postMessage({type: "progress", ...progress});
    postMessage({type: "done", record: await trainRun(data.settings, kernels, corpus, {onProgress})});
  } catch (error) {
    postMessage({type: "error", message: error instanceof Error ? error.message : String(error)});
  }
});
