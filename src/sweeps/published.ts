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
  for await (const {line, place} of streamLines(publishedFile(name, folder))) yield readRecord(line, place);
}

/**
 * Which settings are published, by their canonical JSON. The rest of the records is not looked at.
 * @throws as `readPublished` does
 */
export async function publishedSettings(
  name: string,
  choices: SettingsChoices,
  folder = sweepsFolder,
): Promise<ReadonlySet<string>> {
  const parse = settingsParser(choices);
  const found = new Set<string>();
  for await (const {line, place} of streamLines(publishedFile(name, folder))) {
    const {settings} = Object(parseLine(line, place)) as {settings?: Record<string, unknown>};
    found.add(canonicalJson(parse({...settings}, () => `${place}: `)));
  }
  return found;
}

/** The lines of a compressed file that may be missing. */
async function* streamLines(file: string): AsyncGenerator<{line: string; place: string}> {
  if (!existsSync(file)) return;
  const content = createGunzip();
  const reading = pipeline(createReadStream(file), content).catch(() => {}); // told of by `content`
  let number = 0;
  try {
    for await (const line of createInterface({input: content, crlfDelay: Number.POSITIVE_INFINITY})) {
      number += 1;
      yield {line, place: `${file} line ${number}`};
    }
    if (content.errored) throw content.errored;
  } catch (error) {
    throw error instanceof BitscapeError ? error : unreadable(file, error);
  } finally {
    content.destroy();
    await reading;
  }
}

/** Significant digits of training losses and of what probes measure: more than two seeds agree in, for a third of the bytes. */
export const publishedDigits = {loss: 5, probe: 5} as const;

/** A record without histograms, its numbers rounded; the hash of its weights stays, to be compared with a run's. */
function thinned(record: RunRecord): RunRecord {
  return {
    ...record,
    trainingLoss: record.trainingLoss.map((loss) => rounded(loss, publishedDigits.loss)),
    probes: record.probes.map((probe) => ({...roundedDeep(probe, publishedDigits.probe), histogram: []})),
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
  const {data, error} = runRecordSchema.safeParse(parseLine(line, place));
  if (error) throw failure(`${place}: ${error.issues[0].path.join(".")}: ${error.issues[0].message}`);
  return data;
}

function parseLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw failure(`${place}: is not JSON`);
  }
}
