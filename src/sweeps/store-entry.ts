import {hash} from "node:crypto";
import {runId} from "../training/run-id.js";
import {type RunRecord, recordVersion} from "../training/run-record.js";
import {type RunOrigin, runOriginSchema} from "./run-origin.js";
import {recordJson, runRecordSchema} from "./run-record-schema.js";

/** What a file of the store holds. */
export type StoreEntry =
  | {readonly record: RunRecord; readonly origin: RunOrigin | null}
  /** A run as an earlier version of Bitscape recorded it: whole, and of no use to this one. */
  | {readonly olderVersion: number}
  | {readonly problem: string};

/** The text of a record's file: its JSON, the hash of that, and where it comes from. */
export function entryText(record: RunRecord, origin: RunOrigin | null): string {
  const json = recordJson(record);
  const from = origin ? `"origin":${JSON.stringify(origin)},` : "";
  return `{"sha256":"${hashOf(json)}",${from}${recordKey}${json}}\n`;
}

const recordKey = '"record":'; // inside a text its quotes would be escaped

/** The record in the content of a file, or what is wrong with it. */
export function readEntry(content: Buffer, id: string): StoreEntry {
  const entry = parseJson(content);
  const {sha256, record, origin} = Object(entry) as Record<string, unknown>;
  if (sha256 === undefined || typeof record !== "object" || record === null) {
    return {problem: "is truncated or no run record"};
  }
  const start = content.indexOf(recordKey) + recordKey.length;
  if (sha256 !== hashOf(content.subarray(start, content.lastIndexOf("}")))) {
    return {problem: "was changed or damaged"};
  }
  const {version, id: inside} = record as Record<string, unknown>;
  if (typeof version === "number" && version < recordVersion && inside === id) return {olderVersion: version};
  const {data, error} = runRecordSchema.safeParse(record);
  if (error) {
    return {problem: `is no run record: ${error.issues[0].path.join(".")}: ${error.issues[0].message}`};
  }
  if (data.id !== id || runId(data.settings, data.engine) !== id) return {problem: "holds another run"};
  return {record: data, origin: runOriginSchema.safeParse(origin).data ?? null};
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString("utf8"));
  } catch {
    return undefined;
  }
}

const hashOf = (data: string | Buffer): string => hash("sha256", data);
