import {parseOverrides} from "../src/sweeps/overrides.js";
import {plan} from "../src/sweeps/plan.js";
import {readPreset} from "../src/sweeps/preset.js";
import {runAll} from "../src/sweeps/run-all.js";
import {openRunStore} from "../src/sweeps/run-store.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {type Dataset, datasets} from "./datasets.js";

/** Environment variable through which `--set` reaches the loaders: a JSON list of texts such as `variance.width=192`. */
export const overridesVariable = "BITSCAPE_SET";

/** Settings files that the site is made from, by which `--set` addresses them. */
const presets = [...new Set(Object.values(datasets).flatMap((dataset) => dataset.presets))];

/** The runs that a dataset is made from. @throws a one-line usage error about a setting */
export function datasetRuns(name: string, overrides: readonly string[] = givenOverrides()): RunSettings[] {
  const parsed = parseOverrides(overrides, presets);
  return datasets[name].presets.flatMap((preset) => plan(readPreset(preset), parsed, settingsChoices()));
}

/** The table of a dataset. Runs that are not in the store are computed. */
export async function datasetTable(name: string): Promise<ReturnType<Dataset["table"]>> {
  return datasets[name].table(await runAll(datasetRuns(name), {store: openRunStore()}));
}

/** Writes a dataset to standard output, as an Arrow file: what its loader does. */
export async function writeDataset(name: string): Promise<void> {
  process.stdout.write((await datasetTable(name)).toArrowIPC({format: "file"}) as Uint8Array);
}

const givenOverrides = (): string[] => JSON.parse(process.env[overridesVariable] ?? "[]");
