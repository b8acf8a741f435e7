import {BitscapeError} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import {type Failure, openFailures} from "../sweeps/failures.js";
import {plan} from "../sweeps/plan.js";
import {plannedRuns} from "../sweeps/planned-runs.js";
import {presetNames, readPreset} from "../sweeps/preset.js";
import {publishedSettings} from "../sweeps/published.js";
import {runLabels} from "../sweeps/run-label.js";
import {openRunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import type {StoreFile} from "../sweeps/store-files.js";
import {type StoredRun, type StoreSurvey, surveyStore} from "../sweeps/store-survey.js";
import {bySettings, bytesOf, type SweepStatus, sweepStatus} from "../sweeps/sweep-status.js";
import {canonicalJson} from "../training/canonical-json.js";
import {alignColumns, byteText, counted} from "./text.js";

/** A settings file that cannot be read or planned. */
interface BrokenSweep {
  readonly name: string;
  readonly error: string;
}

interface StoreStatus {
  readonly folder: string;
  readonly sweeps: readonly (SweepStatus | BrokenSweep)[];
  /** Records of runs that are in no settings file, superseded or not. */
  readonly others: readonly StoredRun[];
  readonly otherFailures: readonly Failure[];
  readonly survey: StoreSurvey;
}

/** Prints how far a sweep is, or all of them, and what else lies in the store. */
export async function showStatus(name: string | undefined, {json}: {json?: true}): Promise<void> {
  const status = await storeStatus(name === undefined ? presetNames() : [name], name === undefined);
  const [only] = status.sweeps;
  const text = json
    ? JSON.stringify(statusJson(status, name === undefined), null, 2)
    : name === undefined
      ? describeStore(status)
      : describeSweep(only as SweepStatus);
  process.stdout.write(`${text}\n`);
}

async function storeStatus(names: readonly string[], isTolerant: boolean): Promise<StoreStatus> {
  const store = openRunStore();
  const choices = settingsChoices();
  const survey = await surveyStore(store);
  const failures = await openFailures(store.folder).list();
  const stored = bySettings(survey.records.values(), choices);
  const ofSweeps = new Set<string>();
  const sweeps: (SweepStatus | BrokenSweep)[] = [];
  for (const name of names) {
    try {
      const preset = readPreset(name);
      const runs = plannedRuns(plan(preset, [], choices), engineId);
      const published = await publishedSettings(preset.name, choices);
      const isPublished = (settings: object) => published.has(canonicalJson(settings));
      const sources = {records: survey.records, failures, isPublished, bySettings: stored};
      const status = sweepStatus(preset.name, runs, sources);
      for (const {id} of runs) ofSweeps.add(id);
      for (const {summary} of status.superseded) ofSweeps.add(summary.id);
      sweeps.push(status);
    } catch (error) {
      if (!isTolerant || !(error instanceof BitscapeError)) throw error;
      sweeps.push({name, error: error.message});
    }
  }
  return {
    folder: store.folder,
    sweeps,
    others: [...survey.records.values()].filter(({summary}) => !ofSweeps.has(summary.id)),
    otherFailures: [...failures.values()].filter(({id}) => !ofSweeps.has(id)),
    survey,
  };
}

function describeStore({folder, sweeps, others, otherFailures, survey}: StoreStatus): string {
  const good = sweeps.filter((sweep): sweep is SweepStatus => !("error" in sweep));
  const broken = sweeps.filter((sweep): sweep is BrokenSweep => "error" in sweep);
  const header = [
    ...[
      "sweep",
      "runs",
      "finished",
      "diverged",
      "published",
      "missing",
      "failed",
      "superseded",
      "in the store",
    ],
  ];
  const rows = good.map((sweep) => [
    sweep.name,
    ...[sweep.runs, sweep.finished, sweep.diverged, sweep.published, sweep.missing].map(String),
    String(sweep.failures.length),
    String(sweep.superseded.length),
    byteText(sweep.bytes),
  ]);
  const current = others.filter(({summary}) => summary.engine === engineId);
  const rest = [
    ...["in no settings file", "", String(current.length)],
    String(current.filter(({summary}) => summary.diverged !== null).length),
    ...["", "", String(otherFailures.length), String(others.length - current.length)],
    byteText(bytesOf(others)),
  ];
  const right = header.map((_, column) => column).slice(1);
  return [
    alignColumns([header, ...rows, rest], {right}),
    ...broken.map(({name, error}) => `${name}: ${error}`),
    "",
    ...storeLines(folder, survey),
  ].join("\n");
}

function storeLines(folder: string, survey: StoreSurvey): string[] {
  const {records, older, unusable, setAside, leftBehind, checkpoints, foreign} = survey;
  return [
    `The store ${folder} has ${counted(records.size, "record")} of ${byteText(bytesOf([...records.values()]))}.`,
    ...filesLine(filesOf(checkpoints), "of unfinished runs, which go on from there"),
    ...filesLine(older, "of an earlier version of Bitscape, kept and not used"),
    ...filesLine(setAside, 'set aside, since not what the name says; "bitscape sweep gc" removes them'),
    ...filesLine(unusable, "not what the name says, and cannot be moved"),
    ...filesLine(leftBehind, 'left half-written by killed processes; "bitscape sweep gc" removes them'),
    ...filesLine(foreign, "no records by their names, and left alone"),
  ];
}

const filesOf = (checkpoints: StoreSurvey["checkpoints"]): StoreFile[] => checkpoints.map(({file}) => file);

/** How many files are named in a line. */
const namedFiles = 3;

function filesLine(files: readonly StoreFile[], what: string): string[] {
  if (files.length === 0) return [];
  const names = files.slice(0, namedFiles).map(({name}) => name);
  const more = files.length > namedFiles ? ", …" : "";
  return [
    `${counted(files.length, "file")} (${byteText(bytesOf(files))}) ${what}: ${names.join(", ")}${more}`,
  ];
}

function describeSweep(status: SweepStatus): string {
  const {name, runs, finished, diverged, published, missing, failures, superseded, bytes} = status;
  const divergences = diverged > 0 ? `, of which ${diverged} diverged` : "";
  const rows = [
    ["sweep", name],
    ["runs", String(runs)],
    ["finished", `${finished}${divergences}`],
    ["published", `${published} that are not in the store`],
    ["missing", String(missing)],
    ["failed", failures.length > 0 ? `${failures.length} of the missing ones` : "0"],
    ["superseded", supersededText(superseded)],
    ["in the store", byteText(bytes)],
  ];
  return [alignColumns(rows), ...failureLines(failures)].join("\n");
}

function supersededText(superseded: readonly StoredRun[]): string {
  if (superseded.length === 0) return "0";
  const counts = new Map<string, number>();
  for (const {summary} of superseded) counts.set(summary.engine, (counts.get(summary.engine) ?? 0) + 1);
  const engines = [...counts].map(([engine, count]) =>
    engine === engineId ? `${count} from before a setting was added` : `${count} by engine ${engine}`,
  );
  return `${superseded.length}: ${engines.join(", ")}; the engine is ${engineId} now`;
}

function failureLines(failures: readonly Failure[]): string[] {
  if (failures.length === 0) return [];
  const rows = failures.map(({id, label, attempts}) => [
    id,
    String(attempts.length),
    attempts[attempts.length - 1].reason,
    label,
  ]);
  return ["", alignColumns([["failed run", "attempts", "last reason", "settings"], ...rows])];
}

function statusJson({folder, sweeps, others, otherFailures, survey}: StoreStatus, isWhole: boolean): object {
  const described = sweeps.map((sweep) =>
    "error" in sweep ? sweep : {...sweep, superseded: sweep.superseded.map(runJson)},
  );
  if (!isWhole) return {store: folder, engine: engineId, ...described[0]};
  const labels = runLabels(others.map(({summary}) => summary.settings));
  return {
    store: folder,
    engine: engineId,
    bytes: bytesOf([...survey.records.values()]),
    sweeps: described,
    others: others.map((stored, index) => ({...runJson(stored), label: labels[index]})),
    otherFailures,
    older: survey.older.map(fileJson),
    setAside: survey.setAside.map(fileJson),
    unusable: survey.unusable.map(fileJson),
    leftBehind: survey.leftBehind.map(fileJson),
    checkpoints: filesOf(survey.checkpoints).map(fileJson),
    foreign: survey.foreign.map(fileJson),
  };
}

const runJson = ({summary: {id, engine}, bytes}: StoredRun) => ({id, engine, bytes});
const fileJson = ({path, bytes}: StoreFile) => ({path, bytes});
