import {BitscapeError, failure} from "../errors.js";
import {fileProblem} from "../training/file-problem.js";
import type {RunRecord} from "../training/run-record.js";
import {writeAtomically} from "../training/write-atomically.js";
import type {PlannedRun} from "./executor.js";
import {publish} from "./published.js";
import {type PublishedSweep, publishedSweepFile, sweepsFolder} from "./published-sweep.js";
import type {RunOrigin} from "./run-origin.js";
import type {RunStore} from "./run-store.js";
import type {RunSummary} from "./run-summary.js";

export interface PublishSweepOptions {
  readonly store: RunStore;
  /** What computes and publishes the sweep again. */
  readonly command: string;
  readonly folder?: string;
}

/**
 * Publishes a finished sweep: its records, one after the other, and what it is and cost.
 * @returns the file of the records
 * @throws a one-line error that names runs which are missing, and then nothing is changed
 */
export async function publishSweep(
  name: string,
  runs: readonly PlannedRun[],
  {store, command, folder = sweepsFolder}: PublishSweepOptions,
): Promise<string> {
  const summaries = await store.summaries(runs.map(({id}) => id));
  const missing = runs.filter(({id}) => !summaries.has(id));
  if (missing.length > 0) throw notFinished(name, missing, runs.length);
  try {
    const file = await publish(name, storedRecords(name, runs, store), folder);
    const sweep = describeSweep(name, command, [...summaries.values()]);
    await writeAtomically(publishedSweepFile(name, folder), (handle) =>
      handle.writeFile(`${JSON.stringify(sweep, null, 2)}\n`),
    );
    return file;
  } catch (error) {
    if (error instanceof BitscapeError) throw error;
    throw failure(`cannot write to ${folder}: ${fileProblem(error)}`);
  }
}

async function* storedRecords(
  name: string,
  runs: readonly PlannedRun[],
  store: RunStore,
): AsyncGenerator<RunRecord> {
  for (const run of runs) {
    const record = await store.get(run.id);
    if (!record) throw notFinished(name, [run], runs.length);
    yield record;
  }
}

function notFinished(name: string, missing: readonly PlannedRun[], total: number): BitscapeError {
  const named = missing.slice(0, 3).map(({id, label}) => (label ? `${id} (${label})` : id));
  const more = missing.length > 3 ? `, and ${missing.length - 3} more` : "";
  const count = `${missing.length} of ${total} runs ${missing.length === 1 ? "is" : "are"} missing`;
  return failure(
    `cannot publish ${name}: ${count}: ${named.join(", ")}${more}; "bitscape sweep" computes them`,
  );
}

/** What a sweep is and cost, from what its runs say. */
export function describeSweep(name: string, command: string, runs: readonly RunSummary[]): PublishedSweep {
  const times = runs.flatMap(({seconds, origin}) => (origin ? [interval(seconds, origin)] : []));
  const isTimed = times.length === runs.length && runs.length > 0;
  return {
    name,
    command,
    machines: machines(runs),
    engines: [...new Set(runs.map(({engine}) => engine))],
    started: isTimed ? isoTime(Math.min(...times.map(({start}) => start))) : null,
    finished: isTimed ? isoTime(Math.max(...times.map(({end}) => end))) : null,
    runs: runs.length,
    diverged: runs.filter(({diverged}) => diverged !== null).length,
    failed: 0,
    coreSeconds: rounded(runs.reduce((sum, {seconds}) => sum + seconds, 0)),
    wallSeconds: isTimed ? rounded(covered(times)) : null,
  };
}

function machines(runs: readonly RunSummary[]): PublishedSweep["machines"] {
  const counts = new Map<string, number>();
  for (const {origin} of runs) {
    if (!origin) continue;
    const key = JSON.stringify(origin.machine);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([machine, runs]) => ({...(JSON.parse(machine) as RunOrigin["machine"]), runs}));
}

/** Seconds since 1970. */
interface Interval {
  readonly start: number;
  readonly end: number;
}

function interval(seconds: number, {finished}: RunOrigin): Interval {
  const end = Date.parse(finished) / 1000;
  return {start: end - seconds, end};
}

/** Length of the union of intervals. */
function covered(intervals: readonly Interval[]): number {
  let [sum, until] = [0, Number.NEGATIVE_INFINITY];
  for (const {start, end} of intervals.toSorted((a, b) => a.start - b.start)) {
    sum += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return sum;
}

const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();
const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
