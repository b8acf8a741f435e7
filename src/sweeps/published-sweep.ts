import {existsSync, readdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import {z} from "zod";
import {failure} from "../errors.js";
import {fileProblem} from "../training/file-problem.js";
import {packageFolder} from "../training/folders.js";
import {type Machine, machineSchema} from "./run-origin.js";

/** What a published sweep is and what it cost: `data/sweeps/NAME.json`, beside its records. */
export interface PublishedSweep {
  /** Of its settings file. */
  readonly name: string;
  /** What computes and publishes it again. */
  readonly command: string;
  /** Where it was computed, with the number of runs; those that do not say so are in none. */
  readonly machines: readonly (Machine & {readonly runs: number})[];
  /** By which its runs were computed: several where some were computed anew, for a reason that left the others as they were. */
  readonly engines: readonly string[];
  /** Start of the first run and end of the last: dates or times in ISO 8601, UTC; null where that is not known. */
  readonly started: string | null;
  readonly finished: string | null;
  readonly runs: number;
  /** Runs that diverged, which is a result. */
  readonly diverged: number;
  /** Runs without a record because computing them failed. */
  readonly failed: number;
  /** Sum of the times of all runs, each on one core. */
  readonly coreSeconds: number;
  /** Time during which at least one run was computed; null where it is not known. */
  readonly wallSeconds: number | null;
}

const count = z.int().min(0);
const time = z.union([z.iso.datetime(), z.iso.date()]).nullable();

const publishedSweepSchema = z.strictObject({
  name: z.string(),
  command: z.string(),
  machines: z.array(machineSchema.extend({runs: count})),
  engines: z.array(z.string()),
  started: time,
  finished: time,
  runs: count,
  diverged: count,
  failed: count,
  coreSeconds: z.number().min(0),
  wallSeconds: z.number().min(0).nullable(),
}) satisfies z.ZodType<PublishedSweep>;

/** Where published sweeps lie. */
export const sweepsFolder = join(packageFolder, "data/sweeps");

export const publishedSweepFile = (name: string, folder = sweepsFolder): string =>
  join(folder, `${name}.json`);

/** Names of the published sweeps, sorted. */
export const publishedNames = (folder = sweepsFolder): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(".jsonl.gz"))
        .map((file) => basename(file, ".jsonl.gz"))
        .sort()
    : [];

/** What is known of a published sweep. @throws a one-line error for a file that is missing or something else */
export function readPublishedSweep(name: string, folder = sweepsFolder): PublishedSweep {
  const file = publishedSweepFile(name, folder);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw failure(`cannot read ${file}: ${fileProblem(error)}`);
  }
  const {data, error} = publishedSweepSchema.safeParse(value);
  if (error) throw failure(`${file}: ${error.issues[0].path.join(".")}: ${error.issues[0].message}`);
  return data;
}
