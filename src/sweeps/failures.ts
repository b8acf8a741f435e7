import {readdir, readFile, rm} from "node:fs/promises";
import {basename, extname, join} from "node:path";
import {z} from "zod";
import {failure} from "../errors.js";
import {fileProblem} from "../training/file-problem.js";
import type {RunSettings} from "../training/run-settings.js";
import {writeAtomically} from "../training/write-atomically.js";

/** A run that was tried and has no record. */
export interface Failure {
  readonly id: string;
  /** The settings in which it differs from the other runs of its sweep. */
  readonly label: string;
  readonly settings: RunSettings;
  /** Every attempt of the sweep that tried it last, from the first on. */
  readonly attempts: readonly Attempt[];
}

export interface Attempt {
  /** One line. */
  readonly reason: string;
  /** When it ended, as in ISO 8601. */
  readonly time: string;
  /** What computed it, for people. */
  readonly worker: string;
}

/** What went wrong with which run: a file for each, in the folder `failed` of a run store. Only people need them. */
export interface Failures {
  readonly folder: string;
  /** All failures, by run. Files that hold none are passed over. */
  readonly list: () => Promise<ReadonlyMap<string, Failure>>;
  /** Replaces what is known of the run. @throws a one-line error when the folder cannot be written */
  readonly put: (failure: Failure) => Promise<void>;
  /** Forgets the failure of a run, if there is one. */
  readonly clear: (id: string) => Promise<void>;
}

const failureSchema = z.object({
  id: z.string(),
  label: z.string(),
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .transform((settings) => settings as unknown as RunSettings),
  attempts: z.array(z.object({reason: z.string(), time: z.string(), worker: z.string()})).min(1),
}) satisfies z.ZodType<Failure>;

/** The failures beside the records of a store. */
export function openFailures(storeFolder: string): Failures {
  const folder = join(storeFolder, "failed");
  const fileOf = (id: string) => join(folder, `${id}.json`);
  return {
    folder,
    async list() {
      const names = await readdir(folder).catch(() => []);
      const ids = names.filter((name) => extname(name) === ".json").map((name) => basename(name, ".json"));
      const found = await Promise.all(
        ids.map(async (id) => [id, await readFailure(fileOf(id), id)] as const),
      );
      return new Map(found.filter((entry): entry is [string, Failure] => entry[1] !== undefined));
    },
    async put(failed) {
      try {
        await writeAtomically(fileOf(failed.id), (handle) =>
          handle.writeFile(`${JSON.stringify(failed, null, 2)}\n`),
        );
      } catch (error) {
        throw failure(`cannot write to ${folder}: ${fileProblem(error)}`);
      }
    },
    clear: (id) => rm(fileOf(id), {force: true}).catch(() => {}),
  };
}

async function readFailure(file: string, id: string): Promise<Failure | undefined> {
  try {
    const {data} = failureSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
    return data?.id === id ? data : undefined;
  } catch {
    return undefined;
  }
}
