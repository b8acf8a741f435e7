import {failure, usageError} from "../errors.js";
import type {RunRecord} from "../training/run-record.js";
import {publishedRecords} from "./published.js";
import {publishedNames, sweepsFolder} from "./published-sweep.js";
import type {RunStore} from "./run-store.js";

export interface FoundRun {
  readonly record: RunRecord;
  /** The published sweep it is from, whose losses are rounded; null for a record of the store. */
  readonly published: string | null;
}

/**
 * The one run whose id begins with `prefix`, of the store or else of the published sweeps.
 * @throws a usage error when there is none or several, which are named then
 */
export async function findRun(prefix: string, store: RunStore, folder = sweepsFolder): Promise<FoundRun> {
  if (!/^[0-9a-f]{1,20}$/.test(prefix)) {
    throw usageError(`"${prefix}" is no run: expected an id of 20 hexadecimal digits, or the first of them`);
  }
  const stored = (await store.ids()).filter((id) => id.startsWith(prefix));
  const found = new Map<string, FoundRun | undefined>(stored.map((id) => [id, undefined]));
  if (stored[0] !== prefix) {
    for (const published of publishedNames(folder)) {
      for await (const record of publishedRecords(published, folder)) {
        if (record.id.startsWith(prefix) && !found.has(record.id)) found.set(record.id, {record, published});
      }
    }
  }
  const [id] = found.keys();
  if (id === undefined) {
    throw usageError(`no run of the store ${store.folder} or of a published sweep begins with ${prefix}`);
  }
  if (found.size > 1)
    throw usageError(`${found.size} runs begin with ${prefix}: ${someOf([...found.keys()])}`);
  const published = found.get(id);
  if (published) return published;
  const record = await store.get(id);
  if (!record) throw failure(`the run ${id} has no record that can be read`);
  return {record, published: null};
}

const someOf = (ids: readonly string[]): string => ids.slice(0, 5).join(", ") + (ids.length > 5 ? ", …" : "");
