import type {PlannedRun} from "./executor.js";
import {runWork} from "./run-work.js";

/** One of `count` parts of a sweep; `index` is from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * The runs of one shard. Every run is in exactly one, and the shards' work is as equal as the runs allow: from the
 * longest run on, each goes to the shard that has least so far (Graham 1969, "Bounds on multiprocessing timing
 * anomalies"). That depends on nothing but the set of runs, so machines that share only the settings agree on it.
 */
export function shardOf(runs: readonly PlannedRun[], {index, count}: Shard): PlannedRun[] {
  const shares = new Array<number>(count).fill(0);
  const chosen = new Set<string>();
  const work = runs.map(({id, settings}) => ({id, work: runWork(settings)}));
  for (const {id, work: added} of work.sort((a, b) => b.work - a.work || (a.id < b.id ? -1 : 1))) {
    const least = indexOfLeast(shares);
    shares[least] += added;
    if (least === index - 1) chosen.add(id);
  }
  return runs.filter(({id}) => chosen.has(id));
}

const indexOfLeast = (values: readonly number[]): number =>
  values.reduce((least, value, i) => (value < values[least] ? i : least), 0);
