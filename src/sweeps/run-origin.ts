import {availableParallelism, cpus} from "node:os";
import {z} from "zod";

/** A computer, as far as it matters for the time that runs take. */
export interface Machine {
  readonly processor: string;
  /** Threads that run at once, within the limits of a container. */
  readonly cores: number;
  /** Version of Node, as in `v20.19.0`. */
  readonly node: string;
  /** Operating system and instruction set, as in `linux x64`. */
  readonly platform: string;
}

/** Where and when a run was computed. Kept beside its record: results do not depend on it. */
export interface RunOrigin {
  /** When the run was finished, in ISO 8601, UTC. */
  readonly finished: string;
  readonly machine: Machine;
}

export const machineSchema = z.strictObject({
  processor: z.string(),
  cores: z.int().min(1),
  node: z.string(),
  platform: z.string(),
}) satisfies z.ZodType<Machine>;

export const runOriginSchema = z.strictObject({
  finished: z.iso.datetime(),
  machine: machineSchema,
}) satisfies z.ZodType<RunOrigin>;

/** A run that has just been finished on this computer. */
export const originHere = (): RunOrigin => ({finished: new Date().toISOString(), machine: thisMachine()});

let machine: Machine | undefined;

function thisMachine(): Machine {
  machine ??= {
    processor: cpus()[0]?.model.trim() || "unknown processor",
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  return machine;
}
