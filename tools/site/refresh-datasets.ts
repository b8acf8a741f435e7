import {datasetRuns, presets} from "../../loaders/dataset.js";
import {datasets} from "../../loaders/datasets.js";
import {type PublishedRuns, readPublished} from "../../src/sweeps/published.js";
import {type RunAllOptions, runAll} from "../../src/sweeps/run-all.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {canonicalJson} from "../../src/training/canonical-json.js";
import {namingFiles} from "./file-problems.js";
import {invalidate, type Output, staleOutputs} from "./outputs.js";
import {projectRoot} from "./project.js";
import {siteOutputs} from "./site-outputs.js";

/** What the loaders write, and what of it was made from something else than is there now. */
interface Refreshed {
  readonly outputs: readonly Output[];
  readonly stale: readonly Output[];
}

interface RefreshOptions extends RunAllOptions {
  /** Texts of `--set`. */
  readonly overrides: readonly string[];
}

/**
 * Brings what the loaders read and wrote up to date: computes the runs that are missing, then removes the cached outputs
 * that were made from something else. Until the runs are there, the old outputs stay.
 */
export async function refreshDatasets({overrides, ...options}: RefreshOptions): Promise<Refreshed> {
  const runs = Object.keys(datasets).flatMap((name) => datasetRuns(name, overrides));
  const repeated = Object.keys(datasets).filter((name) => datasets[name].isRepeated);
  const computed = new Set(repeated.flatMap((name) => datasetRuns(name, overrides)).map(canonicalJson));
  const found = readPublished(presets, settingsChoices());
  const published: PublishedRuns = (settings) =>
    computed.has(canonicalJson(settings)) ? undefined : found(settings);
  const outputs = await siteOutputs(overrides);
  const stale = staleOutputs(outputs, projectRoot);
  await runAll(runs, {...options, published});
  await namingFiles(async () => invalidate(stale, projectRoot));
  return {outputs, stale};
}
