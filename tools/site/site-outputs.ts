import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {datasetRuns} from "../../loaders/dataset.js";
import {datasets} from "../../loaders/datasets.js";
import {type MadeFile, madeFiles} from "../../loaders/made-files.js";
import {engineId} from "../../src/kernels/generated.js";
import {publishedFile} from "../../src/sweeps/published.js";
import {publishedNames, publishedSweepFile} from "../../src/sweeps/published-sweep.js";
import {runId} from "../../src/training/run-id.js";
import {sourceHash} from "./bundle.js";
import {type Output, outputKey} from "./outputs.js";
import {projectRoot} from "./project.js";

/**
 * Every file of the site that a loader writes, with the key of its content: what its sources do, and for datasets of runs
 * also the runs. A loader below `loaders` that `datasets` does not name computes its file without runs, so that its
 * sources, which include the kernels, are all that it depends on.
 *
 * @param overrides texts of `--set`
 */
export async function siteOutputs(overrides: readonly string[]): Promise<Output[]> {
  const packages = hashOfFile(join(projectRoot, "package-lock.json"));
  const tables = await Promise.all(
    loaderOutputs().map(async (name) => {
      const loader = `loaders/${name}.ts`;
      const sources = await sourceHash(loader);
      const runs = [runIds(name, overrides), publishedHashes(name)];
      return {path: `loaders/${name}`, loader, key: outputKey(packages, sources, ...runs)};
    }),
  );
  const sweeps = await sweepOutputs(packages);
  const keys = new Map(tables.map(({path, key}) => [path, key]));
  const made = Object.entries<MadeFile>(madeFiles).map(async ([path, {module, dataset}]) => {
    const loader = `docs/${path}.ts`;
    const sources = [await sourceHash(loader), await sourceHash(module)];
    return {path, loader, key: outputKey(packages, sources, keys.get(`loaders/${dataset}`))};
  });
  return [...tables, ...sweeps, ...(await Promise.all(made))];
}

const sweepLoader = "loaders/sweeps/[sweep].arrow.ts";

/** The table of each published sweep, which one loader writes for all. */
async function sweepOutputs(packages: string): Promise<Output[]> {
  const sources = await sourceHash(sweepLoader);
  return publishedNames().map((name) => ({
    path: `loaders/sweeps/${name}.arrow`,
    loader: sweepLoader,
    parameters: [`--sweep=${name}`],
    key: outputKey(packages, sources, hashOfFile(publishedFile(name))),
  }));
}

/** Names of the files that the loaders below `loaders` write. */
const loaderOutputs = (): string[] =>
  readdirSync(join(projectRoot, "loaders"))
    .filter((name) => /\.(arrow|json)\.ts$/.test(name))
    .map((name) => name.slice(0, -".ts".length))
    .sort();

const runIds = (name: string, overrides: readonly string[]): string[] =>
  Object.hasOwn(datasets, name)
    ? datasetRuns(name, overrides).map((settings) => runId(settings, engineId))
    : [];

/** Files that are made from all published sweeps. */
export const fromAllSweeps: readonly string[] = [
  ...["sweeps.json", "reproduce.json", "after-training.json"],
  ...["law-rows.arrow", "our-laws.json", "gradient-law.json", "law-tables.json", "recorded-fits.json"],
];

/** What is published of the settings files that a dataset is made from; lists of sweeps are made from all of them. */
function publishedHashes(name: string): string[] {
  const isList = fromAllSweeps.includes(name);
  const presets = isList ? publishedNames() : Object.hasOwn(datasets, name) ? datasets[name].presets : [];
  const plans = isList ? presets.map((preset) => join(projectRoot, `data/settings/${preset}.yaml`)) : [];
  return [...presets.flatMap((preset) => [publishedFile(preset), publishedSweepFile(preset)]), ...plans]
    .filter((file) => existsSync(file))
    .map(hashOfFile);
}

const hashOfFile = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
