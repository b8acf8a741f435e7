import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {datasetRuns} from "../../loaders/dataset.js";
import {datasets} from "../../loaders/datasets.js";
import {type MadeFile, madeFiles} from "../../loaders/made-files.js";
import {engineId} from "../../src/kernels/generated.js";
import {type RunAllOptions, runAll} from "../../src/sweeps/run-all.js";
import {runId} from "../../src/training/run-id.js";
import {sourceHash} from "./bundle.js";
import {namingFiles} from "./file-problems.js";
import {invalidate, type Output, outputKey, staleOutputs} from "./outputs.js";
import {projectRoot} from "./project.js";

interface RefreshOptions extends RunAllOptions {
  /** Texts of `--set`. */
  readonly overrides: readonly string[];
}

/**
 * Brings what the loaders read and wrote up to date: computes the runs that are missing, then removes the cached outputs
 * that were made from something else. Until the runs are there, the old outputs stay. Returns the stale outputs.
 */
export async function refreshDatasets({overrides, ...options}: RefreshOptions): Promise<readonly Output[]> {
  const runs = Object.keys(datasets).flatMap((name) => datasetRuns(name, overrides));
  const stale = staleOutputs(await siteOutputs(overrides), projectRoot);
  await runAll(runs, options);
  await namingFiles(async () => invalidate(stale, projectRoot));
  return stale;
}

/** Every file that a loader writes, with the key of its content. */
async function siteOutputs(overrides: readonly string[]): Promise<Output[]> {
  const packages = createHash("sha256")
    .update(readFileSync(join(projectRoot, "package-lock.json")))
    .digest("hex");
  const tables = await Promise.all(
    Object.keys(datasets).map(async (name) => {
      const loader = `loaders/${name}.ts`;
      const runs = datasetRuns(name, overrides).map((settings) => runId(settings, engineId));
      return {path: `loaders/${name}`, loader, key: outputKey(packages, await sourceHash(loader), runs)};
    }),
  );
  const keys = new Map(tables.map(({path, key}) => [path, key]));
  const made = Object.entries<MadeFile>(madeFiles).map(async ([path, {module, dataset}]) => {
    const loader = `docs/${path}.ts`;
    const sources = [await sourceHash(loader), await sourceHash(module)];
    return {path, loader, key: outputKey(packages, sources, keys.get(`loaders/${dataset}`))};
  });
  return [...tables, ...(await Promise.all(made))];
}
