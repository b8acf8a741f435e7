import {availableParallelism} from "node:os";
import {engineId} from "../kernels/generated.js";
import type {StopSignals} from "../sweeps/executor.js";
import {localExecutor} from "../sweeps/local-executor.js";
import {parseRedisAddress} from "../sweeps/redis/address.js";
import {connectRedis} from "../sweeps/redis/connect.js";
import {serveRuns} from "../sweeps/redis/serve-runs.js";
import {openRunStore} from "../sweeps/run-store.js";
import {patience, type RedisOptions} from "./redis-options.js";
import {stoppable} from "./stop-signals.js";

export interface WorkerOptions extends RedisOptions {
  readonly workers?: number;
  readonly idleExit?: number;
  readonly lease: number;
  /** Seconds for the runs in flight after SIGTERM. */
  readonly grace: number;
}

/** Computes runs for sweeps on other machines, until it is told to end. */
export async function serve(options: WorkerOptions): Promise<void> {
  const {redisTimeout, workers = availableParallelism(), idleExit, lease, grace} = options;
  const address = parseRedisAddress(options.redis);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const store = openRunStore({warn: say});
  const executors = Array.from({length: workers}, () =>
    localExecutor({workers: 1, checkpoints: {storeFolder: store.folder}}),
  );
  const compute = async (stop: StopSignals) => {
    const link = await connectRedis(address, {...patience(redisTimeout), say, signal: stop.drain});
    try {
      return await serveRuns({link, engine: engineId, store, executors, lease, idleExit, stop, say});
    } finally {
      link.close();
    }
  };
  try {
    const done = await stoppable(compute, {graceSeconds: grace, onNotice: say});
    say(`worker ends: ${done} ${done === 1 ? "run" : "runs"} done`);
  } finally {
    await Promise.all(executors.map((executor) => executor.close()));
  }
}
