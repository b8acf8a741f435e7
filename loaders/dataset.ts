import type {ColumnTable} from "arquero";
import {parseOverrides} from "../src/sweeps/overrides.js";
import {plan} from "../src/sweeps/plan.js";
import {readPreset} from "../src/sweeps/preset.js";
import {readPublished} from "../src/sweeps/published.js";
import {runAll} from "../src/sweeps/run-all.js";
import {openRunStore} from "../src/sweeps/run-store.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {type Dataset, datasets} from "./datasets.js";
import {writeArrow, writeJson} from "./write-output.js";

/** Environment variable through which `--set` reaches the loaders: a JSON list of texts such as `variance.width=192`. */
export const overridesVariable = "BITSCAPE_SET";

/** Settings files that the site is made from, by which `--set` addresses them. */
export const presets = [...new Set(Object.values(datasets).flatMap((dataset) => dataset.presets))];

/** The runs that a dataset is made from. @throws a one-line usage error about a setting */
export function datasetRuns(name: string, overrides: readonly string[] = givenOverrides()): RunSettings[] {
  const parsed = parseOverrides(overrides, presets);
  const size = datasets[name].isRepeated ? "quick" : "full";
  const choices = settingsChoices();
  return datasets[name].presets.flatMap((preset) => plan(readPreset(preset), parsed, choices, {size}));
}

/** What a dataset holds. Runs that are neither in the store nor published are computed. */
export async function datasetContent(name: string): Promise<Awaited<ReturnType<Dataset["content"]>>> {
  const {presets, isRepeated, content} = datasets[name];
  const published = readPublished(isRepeated ? [] : presets, settingsChoices());
  return content(await runAll(datasetRuns(name), {store: openRunStore(), published}));
}

/** The table of an Arrow dataset. */
export const datasetTable = async (name: string): Promise<ColumnTable> =>
  (await datasetContent(name)) as ColumnTable;

/** Writes a dataset to standard output, as its name says: what its loader does. */
export async function writeDataset(name: string): Promise<void> {
  if (name.endsWith(".arrow")) writeArrow(await datasetTable(name));
  else writeJson(await datasetContent(name));
}

const givenOverrides = (): string[] => JSON.parse(process.env[overridesVariable] ?? "[]");
