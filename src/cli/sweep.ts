import {usageError} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import type {Executor} from "../sweeps/executor.js";
import {localExecutor} from "../sweeps/local-executor.js";
import {parseOverrides} from "../sweeps/overrides.js";
import {placedRuns} from "../sweeps/plan.js";
import {plannedRuns} from "../sweeps/planned-runs.js";
import {readPreset} from "../sweeps/preset.js";
import {publishSweep} from "../sweeps/publish-sweep.js";
import {parseRedisAddress} from "../sweeps/redis/address.js";
import {reasonsWithPlaces} from "../sweeps/refusal-reason.js";
import {openRunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import {type Shard, shardOf} from "../sweeps/shard.js";
import {describeForecast, forecastSweep} from "./dry-run.js";
import {noteUnused} from "./note-unused.js";
import {patience, type RedisOptions} from "./redis-options.js";
import {runSweep} from "./run-sweep.js";

export interface SweepOptions extends Partial<RedisOptions> {
  readonly set: readonly string[];
  readonly workers?: number;
  readonly failFast?: boolean;
  readonly retries?: number;
  readonly shard?: Shard;
  /** Seconds for the runs in flight after SIGTERM. */
  readonly grace: number;
  readonly quick?: true;
  readonly dryRun?: true;
  readonly publish?: true;
  readonly json?: true;
}

/** Trains every model of a settings file that is not finished yet, and prints a line for each. */
export async function sweep(name: string, options: SweepOptions): Promise<void> {
  if (options.publish) refusePartial(options);
  const preset = readPreset(name);
  const size = options.quick ? "quick" : "full";
  const placed = placedRuns(preset, parseOverrides(options.set, [preset.name]), settingsChoices(), {size});
  const all = placed.map(({settings}) => settings);
  noteUnused(all);
  const planned = plannedRuns(all, engineId);
  const runs = options.shard ? shardOf(planned, options.shard) : planned;
  const store = openRunStore({readOnly: options.dryRun});
  if (options.dryRun) {
    const found = await forecastSweep(runs, {store, preset: preset.name, workers: options.workers});
    process.stdout.write(`${options.json ? JSON.stringify(found) : describeForecast(found)}\n`);
    return;
  }
  const {workers, retries, failFast, grace, json} = options;
  const executor =
    options.redis === undefined
      ? localExecutor({workers, checkpoints: {storeFolder: store.folder}})
      : await remote(options.redis, options);
  const reasonOf = reasonsWithPlaces(placed);
  await runSweep(runs, {store, executor, retries, failFast, graceSeconds: grace, json, reasonOf});
  if (options.publish) {
    const command = `bitscape sweep ${preset.name} --publish`;
    process.stderr.write(`published as ${await publishSweep(preset.name, runs, {store, command})}\n`);
  }
}

/** What is published under the name of a settings file are all of its runs, and only these. */
function refusePartial({set, shard, quick}: SweepOptions): void {
  const given = set.length > 0 ? "--set" : shard ? "--shard" : quick ? "--quick" : undefined;
  if (given)
    throw usageError(`--publish takes the runs that the settings file describes: leave out ${given}`);
}

/** Has the runs computed by the workers that listen at a Redis. */
async function remote(redis: string, {redisTimeout, workers}: SweepOptions): Promise<Executor> {
  if (workers !== undefined) {
    throw usageError(
      '--workers counts runs on this machine: with --redis leave it out, and start workers with "bitscape worker"',
    );
  }
  const address = parseRedisAddress(redis);
  const {redisExecutor} = await import("../sweeps/redis/redis-executor.js"); // not loaded where no Redis is used
  return redisExecutor({address, ...patience(redisTimeout), engine: engineId});
}
