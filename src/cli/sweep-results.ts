import {failure} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import type {PlannedRun} from "../sweeps/executor.js";
import {parseOverrides} from "../sweeps/overrides.js";
import {plan} from "../sweeps/plan.js";
import {plannedRuns} from "../sweeps/planned-runs.js";
import {readPreset} from "../sweeps/preset.js";
import {publishedRecords} from "../sweeps/published.js";
import {type Cell, type ResultTable, type TableForm, tableForm} from "../sweeps/result-tables.js";
import {openRunStore, type RunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import {canonicalJson} from "../training/canonical-json.js";
import {settingsParser} from "../training/run-settings-schema.js";

/** What came of a sweep, as a table. */
interface SweepResults {
  readonly form: TableForm;
  /** The rows of one run after the other; fails where no run is finished or published. */
  readonly groups: AsyncGenerator<Iterable<readonly Cell[]>>;
  /** How many runs the sweep has. */
  readonly total: number;
  /** Runs that `groups` has found so far: in the store, and as published. */
  readonly counts: {readonly stored: number; readonly published: number};
}

/** The results of the runs of a sweep in the store, and of published ones that are not there. */
export function sweepResults(
  name: string,
  {table, set = []}: {table: ResultTable; set?: readonly string[]},
): SweepResults {
  const preset = readPreset(name);
  const choices = settingsChoices();
  const runs = plannedRuns(plan(preset, parseOverrides(set, [preset.name]), choices), engineId);
  const form = tableForm(table, runs);
  const counts = {stored: 0, published: 0};
  const groups = resultRows({name: preset.name, runs, store: openRunStore(), form, counts});
  return {form, groups, total: runs.length, counts};
}

interface Sources {
  readonly name: string;
  readonly runs: readonly PlannedRun[];
  readonly store: RunStore;
  readonly form: TableForm;
  readonly counts: {stored: number; published: number};
}

/** The rows of one run after the other: those of the store in the order of the plan, then published ones. */
async function* resultRows({name, runs, store, form, counts}: Sources) {
  const missing = new Map<string, PlannedRun>();
  for (const run of runs) {
    const record = await store.get(run.id);
    if (!record) {
      missing.set(canonicalJson(run.settings), run);
      continue;
    }
    counts.stored += 1;
    yield form.rows(run, record);
  }
  if (missing.size > 0) {
    const parse = settingsParser(settingsChoices());
    for await (const record of publishedRecords(name)) {
      const run = missing.get(canonicalJson(parse({...record.settings})));
      if (!run) continue;
      counts.published += 1;
      yield form.rows(run, record);
    }
  }
  if (counts.stored + counts.published === 0) {
    throw failure(`no run of ${name} is finished or published; "bitscape sweep ${name}" computes them`);
  }
}
