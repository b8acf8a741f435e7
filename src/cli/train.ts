import {failure, usageError} from "../errors.js";
import {type Override, parseOverrides} from "../sweeps/overrides.js";
import {placedRuns} from "../sweeps/plan.js";
import {defaultPreset, readPreset} from "../sweeps/preset.js";
import {reasonsWithPlaces} from "../sweeps/refusal-reason.js";
import {runLabels} from "../sweeps/run-label.js";
import {openRunStore, type RunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import type {RunSettings} from "../training/run-settings.js";
import {describeRecord} from "./describe-record.js";
import {noteUnused} from "./note-unused.js";
import {runWithProgress} from "./run-with-progress.js";

export interface TrainOptions {
  readonly set: readonly string[];
  readonly json?: true;
}

/** Trains one model, keeps its record and prints it. */
export async function train(name: string | undefined, {set, json}: TrainOptions): Promise<void> {
  const preset = name === undefined ? defaultPreset : readPreset(name);
  const overrides = parseOverrides(set, [preset.name]);
  const placed = placedRuns(preset, overrides, settingsChoices());
  const settings = onlyRun(
    placed.map(({settings}) => settings),
    preset.name,
    overrides,
  );
  noteUnused([settings]);
  const store = repeating(openRunStore());
  const [record] = await runWithProgress([settings], {
    store,
    workers: 1,
    reasonOf: reasonsWithPlaces(placed),
  });
  process.stdout.write(`${json ? JSON.stringify(record, null, 2) : describeRecord(record)}\n`);
}

function onlyRun(runs: readonly RunSettings[], name: string, overrides: readonly Override[]): RunSettings {
  if (runs.length === 1) return runs[0];
  const example = runLabels(runs)[0]
    .split(/ (?=[A-Za-z]\w*=)/)
    .map((setting) => `--set ${setting.includes(" ") ? `"${setting}"` : setting}`)
    .join(" ");
  throw usageError(
    `${name} describes ${runs.length} runs and train does one: choose it, for example with ${example}${quotesFor(overrides)}`,
  );
}

/** A hint for a text with commas, such as a cast, which was taken for a list. */
function quotesFor(overrides: readonly Override[]): string {
  for (const {key, text, values} of overrides) {
    const given = text.slice(text.indexOf("=") + 1);
    if (values.length === 1 || !/[\s=]/.test(given) || /["'[]/.test(given)) continue;
    return `; or, if "${given}" is one value, with --set "${key}='${given}'"`;
  }
  return "";
}

/** A store that lets finished runs be computed again, and refuses a result that is not the one it has. */
function repeating(store: RunStore): RunStore {
  return {
    ...store,
    get: async () => undefined,
    async put(record) {
      const known = await store.get(record.id);
      if (known && known.weightHash !== record.weightHash) {
        throw failure(
          `the run ${record.id} gave weights ${record.weightHash}, but the store ${store.folder} has ${known.weightHash}`,
        );
      }
      if (!known) await store.put(record);
    },
  };
}
