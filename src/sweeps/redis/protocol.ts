import {promisify} from "node:util";
import {gunzip, gzip} from "node:zlib";
import type {RunRecord} from "../../training/run-record.js";
import type {RunSettings} from "../../training/run-settings.js";
import type {RunOrigin} from "../run-origin.js";
import {entryText, readEntry} from "../store-entry.js";

/** What all keys in Redis begin with; the braces keep them together on one node of a cluster. */
export const keyPrefix = "{bitscape}";

/** A queue for each engine: no worker is given a run that it would compute to other bits. */
export const queueName = (engine: string): string => `runs-${engine}`;

/** The job of a run. A plan that is submitted twice, or by two sweeps, gives the same jobs. */
export const jobId = (run: string): string => `run-${run}`;
export const runOfJob = (job: string): string => job.slice("run-".length);

/** Where a worker leaves the record of a run. */
export const recordKey = (run: string): string => `${keyPrefix}:record:${run}`;

/** Seconds for which Redis keeps a record that nobody asked for, and one that a sweep has taken. */
export const recordLifetime = {untaken: 7 * 86_400, taken: 600} as const;

export interface JobData {
  readonly settings: RunSettings;
  readonly label: string;
}

/** Why a worker could not compute a run, as the reason for which its job failed. */
export interface JobFailure {
  readonly reason: string;
  /** The machine. */
  readonly host: string;
  /** Whether another attempt might succeed. */
  readonly isCurable: boolean;
  readonly exitCode: 1 | 2;
}

export const failureText = (failure: JobFailure): string => JSON.stringify(failure);

/** Reads the reason for which a job failed. BullMQ gives its own where every worker that took a job was lost. */
export function readFailure(text: string): JobFailure {
  try {
    const {reason, host, isCurable, exitCode} = JSON.parse(text);
    if (typeof reason === "string" && typeof host === "string")
      return {reason, host, isCurable: isCurable === true, exitCode: exitCode === 2 ? 2 : 1};
  } catch {}
  const isLost = text.includes("stalled");
  const reason = isLost
    ? "every worker that took it was lost; perhaps it needs more memory than they have"
    : text;
  return {reason, host: "", isCurable: !isLost, exitCode: 1};
}

/** A record on its way through Redis. */
export interface Parcel {
  /** The machine that it comes from. */
  readonly host: string;
  readonly record: RunRecord;
  readonly origin: RunOrigin | null;
}

/** Longest record that is unpacked, in bytes. */
const largestRecord = 2 ** 29;

/** A line about the sender, then what a file of the store would hold, compressed. */
export const pack = ({host, record, origin}: Parcel): Promise<Buffer> =>
  promisify(gzip)(`${JSON.stringify({host})}\n${entryText(record, origin)}`);

/** The record of a run, or what is wrong with what came in its place. */
export async function unpack(bytes: Buffer, run: string): Promise<Parcel | {readonly problem: string}> {
  try {
    const content = await promisify(gunzip)(bytes, {maxOutputLength: largestRecord});
    const end = content.indexOf("\n");
    const {host} = JSON.parse(content.subarray(0, end).toString("utf8"));
    const entry = readEntry(content.subarray(end + 1), run);
    if ("record" in entry) return {host: String(host), ...entry};
    return {problem: "problem" in entry ? entry.problem : `is of version ${entry.olderVersion}`};
  } catch {
    return {problem: "cannot be unpacked"};
  }
}
