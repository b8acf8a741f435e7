import {createReadStream, existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {pipeline} from "node:stream/promises";
import {createGunzip, createGzip, gunzipSync} from "node:zlib";
import {BitscapeError, failure} from "../errors.js";
import {canonicalJson} from "../training/canonical-json.js";
import {fileProblem} from "../training/file-problem.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import {type SettingsChoices, settingsParser} from "../training/run-settings-schema.js";
import {writeAtomically} from "../training/write-atomically.js";
import {sweepsFolder} from "./published-sweep.js";
import {recordJson, runRecordSchema} from "./run-record-schema.js";

/** Where the records of a settings file are published: one JSON line for each run, compressed. */
export const publishedFile = (name: string, folder = sweepsFolder): string =>
  join(folder, `${name}.jsonl.gz`);

/** The published record of a run, if there is one. */
export type PublishedRuns = (settings: RunSettings) => RunRecord | undefined;

/**
 * Results of long sweeps that travel with the project, so that a reader's build need not compute them. A record answers
 * for its settings, whichever engine it was made by, which it names; settings that have come since have their defaults.
 *
 * @throws a one-line error that names the line of a file that is not readable
 */
export function readPublished(
  names: readonly string[],
  choices: SettingsChoices,
  folder = sweepsFolder,
): PublishedRuns {
  const parse = settingsParser(choices);
  const records = new Map<string, RunRecord>();
  for (const file of names.map((name) => publishedFile(name, folder)).filter((file) => existsSync(file))) {
    readLines(file).forEach((line, index) => {
      const record = readRecord(line, `${file} line ${index + 1}`);
      records.set(canonicalJson(parse({...record.settings}, () => `${file} line ${index + 1}: `)), record);
    });
  }
  return (settings) => records.get(canonicalJson(settings));
}

/** Publishes records under the name of their settings file, in the place of what was published before. */
export async function publish(
  name: string,
  records: Iterable<RunRecord> | AsyncIterable<RunRecord>,
  folder = sweepsFolder,
): Promise<string> {
  const file = publishedFile(name, folder);
  await writeAtomically(file, (handle) =>
    pipeline(publishedLines(records), createGzip({level: 9}), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await handle.writeFile(chunk);
    }),
  );
  return file;
}

async function* publishedLines(
  records: Iterable<RunRecord> | AsyncIterable<RunRecord>,
): AsyncGenerator<string> {
  for await (const record of records) yield `${recordJson(thinned(record))}\n`;
}

/**
 * All published records of a settings file in their order, one at a time.
 * @throws as `readPublished` does
 */
export async function* publishedRecords(name: string, folder = sweepsFolder): AsyncGenerator<RunRecord> {
  const file = publishedFile(name, folder);
  if (!existsSync(file)) return;
  const content = createReadStream(file).pipe(createGunzip());
  let number = 0;
  try {
    for await (const line of createInterface({input: content, crlfDelay: Number.POSITIVE_INFINITY})) {
      number += 1;
      yield readRecord(line, `${file} line ${number}`);
    }
  } catch (error) {
    throw error instanceof BitscapeError ? error : unreadable(file, error);
  }
}

/** Significant digits of training losses and of what probes measure: more than two seeds agree in, for a third of the bytes. */
const digits = {loss: 5, probe: 5} as const;

/** A record without histograms, its numbers rounded; the hash of its weights stays, to be compared with a run's. */
function thinned(record: RunRecord): RunRecord {
  return {
    ...record,
    trainingLoss: record.trainingLoss.map((loss) => rounded(loss, digits.loss)),
    probes: record.probes.map((probe) => ({...roundedDeep(probe, digits.probe), histogram: []})),
  };
}

const rounded = (value: number, significant: number): number => Number(value.toPrecision(significant));

function roundedDeep<T>(value: T, significant: number): T {
  if (typeof value === "number") return rounded(value, significant) as T;
  if (Array.isArray(value)) return value.map((item) => roundedDeep(item, significant)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, roundedDeep(item, significant)]),
  ) as T;
}

function readLines(file: string): string[] {
  try {
    return gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, error: unknown): BitscapeError =>
  failure(`cannot read the published runs ${file}: ${fileProblem(error)}`);

function readRecord(line: string, place: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw failure(`${place}: is not JSON`);
  }
  const {data, error} = runRecordSchema.safeParse(value);
  if (error) throw failure(`${place}: ${error.issues[0].path.join(".")}: ${error.issues[0].message}`);
  return data;
}
