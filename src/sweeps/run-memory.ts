import {totalmem} from "node:os";
import {createKernels, type Kernels} from "../kernels/kernels.js";
import {countParameters} from "../nn/model-shape.js";
import type {Corpus} from "../training/corpora/corpus.js";
import {corpusOfSize} from "../training/corpora/corpus-of-size.js";
import {totalBytes} from "../training/memory-plan.js";
import {planMemory} from "../training/run.js";
import type {RunSettings} from "../training/run-settings.js";
import {runShape} from "../training/run-shape.js";

/** What a worker process takes besides the memory of its run. */
export const workerBytes = 100 * 2 ** 20;

/** Bytes of the machine, or of the container where that has less. */
export const machineBytes = (): number =>
  Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** How many workers the machine has memory for when each has a run of so many bytes; a tenth is left to others. */
export const workersThatFit = (runBytes: number, machine: number): number =>
  Math.max(1, Math.floor((0.9 * machine) / (runBytes + workerBytes)));

/**
 * Bytes of the run among these that needs most; 0 of none. Sizes that depend on the corpus are those of a large
 * vocabulary, so that it need not be there.
 */
export async function largestRunBytes(runs: readonly RunSettings[]): Promise<number> {
  if (runs.length === 0) return 0;
  const [first, ...rest] = runs;
  const largest = rest.reduce((most, run) => (roughBytes(run) > roughBytes(most) ? run : most), first);
  kernels ??= createKernels();
  return totalBytes(planMemory(largest, await kernels, unreadCorpus(largest)));
}

let kernels: Promise<Kernels> | undefined; // for counting only, so that all can share them

/** In proportion to the memory that a run needs, within a factor of two or so. */
function roughBytes(settings: RunSettings): number {
  const {layers, width, heads, batch, context, optimizer, probe, probeEvery} = settings;
  const copies = (optimizer === "sgd" ? 3 : 4) + (probe || probeEvery > 0 ? 1 : 0);
  const weights = countParameters(runShape(settings, vocabularySize(settings)));
  const activations =
    batch * context * (layers * (30 * width + 2 * heads * context) + vocabularySize(settings));
  return 4 * (copies * weights + activations);
}

const vocabularySize = ({vocabulary}: RunSettings): number => (vocabulary === "byte" ? 256 : 128);

/** The corpus of a run, unread, with a large vocabulary. */
export const unreadCorpus = (settings: RunSettings): Corpus =>
  corpusOfSize(settings.corpus, vocabularySize(settings));
