import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import {differingKeys} from "./differing-keys.js";
import type {PlannedRun} from "./executor.js";
import {bitNames, postTrainingBits, type RunBits, runBits} from "./run-bits.js";

/** Names of the tables that the results of a sweep can be written as. */
export const resultTables = ["runs", "steps", "post-training"] as const;
export type ResultTable = (typeof resultTables)[number];

export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  /** `category` has few values, which are known beforehand. */
  readonly type: "integer" | "number" | "boolean" | "text" | "category";
  readonly categories?: readonly string[];
}

/** A table that is made of one run after the other. */
export interface TableForm {
  readonly columns: readonly Column[];
  /** The rows of one run, each with a cell for each column. */
  readonly rows: (run: PlannedRun, record: RunRecord) => Iterable<readonly Cell[]>;
}

/**
 * The form of a table of the results of runs.
 * - `runs`: a row for each run, with all of its settings and what came of it;
 * - `steps`: a row for each step of each run, with the settings in which the runs differ;
 * - `post-training`: a row for each cast of the weights after training, with these settings.
 *
 * Losses are in nats per token, times in seconds on one core. Tables of runs and of casts after training also have the
 * variables of scaling laws, `weightBits` and so on (see `RunBits`): null where nothing is rounded, NaN where no single
 * number says it.
 */
export function tableForm(table: ResultTable, runs: readonly PlannedRun[]): TableForm {
  const ids = runs.map(({id}) => id);
  if (table === "runs") return runsTable(settingColumns(runs, allKeys(runs)));
  const settings = settingColumns(runs, differingKeys(runs.map(({settings}) => settings)));
  return table === "steps" ? stepsTable(ids, settings) : postTrainingTable(ids, settings);
}

interface SettingColumn extends Column {
  readonly cell: (settings: RunSettings) => Cell;
}

interface ResultColumn extends Column {
  readonly cell: (record: RunRecord) => Cell;
}

const results: readonly ResultColumn[] = [
  {name: "engine", type: "text", cell: ({engine}) => engine},
  {name: "parameters", type: "number", cell: ({parameters}) => parameters},
  {name: "tokens", type: "number", cell: ({tokens}) => tokens},
  {name: "vocabulary_size", type: "integer", cell: ({vocabularySize}) => vocabularySize},
  {name: "training_loss", type: "number", cell: ({finalTrainingLoss}) => finalTrainingLoss},
  {name: "held_out_loss", type: "number", cell: ({finalHeldOutLoss}) => finalHeldOutLoss},
  {name: "floor", type: "number", cell: ({floor}) => floor},
  {name: "diverged_step", type: "integer", cell: ({diverged}) => diverged?.step ?? null},
  {name: "diverged_reason", type: "text", cell: ({diverged}) => diverged?.reason ?? null},
  {
    name: "gradient_to_noise",
    type: "number",
    cell: ({gradientToNoise}) => gradientToNoise[gradientToNoise.length - 1]?.ratio ?? null,
  },
  {name: "loss_scale", type: "number", cell: ({lossScaling}) => lossScaling.scale},
  {name: "skipped_steps", type: "integer", cell: ({lossScaling}) => lossScaling.skippedSteps},
  {name: "weight_hash", type: "text", cell: ({weightHash}) => weightHash},
  {name: "seconds", type: "number", cell: ({timing}) => timing.seconds},
  {name: "tokens_per_second", type: "number", cell: ({timing}) => timing.tokensPerSecond},
];

const runsTable = (settings: readonly SettingColumn[]): TableForm => ({
  columns: [{name: "run", type: "text"}, ...settings, ...bitColumns, ...results],
  rows: (run, record) => [
    [
      run.id,
      ...settings.map(({cell}) => cell(run.settings)),
      ...bitCells(runBits(run.settings)),
      ...results.map(({cell}) => cell(record)),
    ],
  ],
});

const bitColumns: readonly Column[] = bitNames.map((name) => ({name, type: "number"}));

const bitCells = (bits: RunBits): Cell[] =>
  bitNames.map((name) => {
    const value = name === "blockSize" && bits.exponentBits === Infinity ? Infinity : bits[name];
    return value === Infinity ? null : value;
  });

function stepsTable(ids: readonly string[], settings: readonly SettingColumn[]): TableForm {
  return {
    columns: [
      {name: "run", type: "category", categories: ids},
      ...settings,
      {name: "step", type: "integer"},
      {name: "tokens", type: "number"},
      {name: "training_loss", type: "number"},
      {name: "held_out_loss", type: "number"},
    ],
    *rows({id, settings: run}, {trainingLoss, heldOutLoss}) {
      const first = [id, ...settings.map(({cell}) => cell(run))];
      const heldOut = new Map(heldOutLoss.map(({step, loss}) => [step, loss]));
      const last = Math.max(trainingLoss.length, ...heldOut.keys());
      for (let step = heldOut.has(0) ? 0 : 1; step <= last; step++) {
        const losses = [trainingLoss[step - 1] ?? null, heldOut.get(step) ?? null];
        yield [...first, step, step * run.batch * run.context, ...losses];
      }
    },
  };
}

const postTrainingTable = (ids: readonly string[], settings: readonly SettingColumn[]): TableForm => ({
  columns: [
    {name: "run", type: "category", categories: ids},
    ...settings,
    ...bitColumns,
    {name: "parameters", type: "number"},
    {name: "tokens", type: "number"},
    {name: "cast", type: "text"},
    {name: "method", type: "category", categories: ["nearest", "gptq"]},
    {name: "held_out_loss", type: "number"},
    {name: "held_out_loss_before", type: "number"},
  ],
  *rows({id, settings: run}, {parameters, tokens, postTraining, finalHeldOutLoss}) {
    if (postTraining.length === 0) return;
    const first = [id, ...settings.map(({cell}) => cell(run))];
    const bits = runBits(run);
    for (const {cast, method, heldOutLoss} of postTraining) {
      const after = bitCells({...bits, postTrainingBits: postTrainingBits(cast)});
      yield [...first, ...after, parameters, tokens, cast, method, heldOutLoss, finalHeldOutLoss];
    }
  },
});

type Key = keyof RunSettings;

const allKeys = (runs: readonly PlannedRun[]): Key[] => Object.keys(runs[0]?.settings ?? {}) as Key[];

/** A setting is a number or a truth value where it is one in every run, else text. */
function settingColumns(runs: readonly PlannedRun[], keys: readonly Key[]): SettingColumn[] {
  return keys.map((key) => {
    const values = [...new Set(runs.map(({settings}) => settings[key]))];
    const isAll = (type: string) => values.every((value) => typeof value === type);
    const cell = (settings: RunSettings) => settings[key];
    if (isAll("number")) return {name: key, type: "number", cell};
    if (isAll("boolean")) return {name: key, type: "boolean", cell};
    return {
      ...{name: key, type: "category", categories: values.map(String)},
      cell: (settings) => String(settings[key]),
    };
  });
}
