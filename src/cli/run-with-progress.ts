import {type RunAllOptions, runAll} from "../sweeps/run-all.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import {interruptible} from "./interruption.js";
import {progressDisplay} from "./progress-display.js";

/** `runAll` with its progress on stderr, until it is done or Ctrl-C stops it. */
export async function runWithProgress(
  runs: readonly RunSettings[],
  options: Pick<RunAllOptions, "store" | "workers" | "reasonOf">,
): Promise<RunRecord[]> {
  const {onProgress, onDownload, finish} = progressDisplay();
  try {
    return await interruptible((signal) =>
      runAll(runs, {...options, onProgress, signal, corpora: {onDownload}}),
    );
  } finally {
    finish();
  }
}
