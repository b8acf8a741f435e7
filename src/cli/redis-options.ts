import type {Command} from "commander";
import {parseCount} from "./parse-count.js";

export interface RedisOptions {
  readonly redis: string;
  readonly redisTimeout?: number;
}

/** Seconds for which a Redis that is gone is waited for. */
const defaultTimeout = 1800;

/** How long a Redis is waited for; at the start only where it is said how long, since an address may be mistyped. */
export const patience = (redisTimeout?: number): {timeout: number; waitAtStart: boolean} => ({
  timeout: redisTimeout ?? defaultTimeout,
  waitAtStart: redisTimeout !== undefined,
});

/** Adds `--redis` and what goes with it. */
export function addRedisOptions(command: Command, {isRequired = false} = {}): Command {
  const flags = "--redis <address>";
  const description = "redis://HOST:PORT, where sweeps and workers meet; REDISCLI_AUTH can hold its password";
  if (isRequired) command.requiredOption(flags, description);
  else command.option(flags, description);
  return command.option(
    "--redis-timeout <seconds>",
    `wait so long for a Redis that is away, at the start too (default: ${defaultTimeout}, at the start not at all)`,
    parseTimeout,
  );
}

const parseTimeout = (text: string): number => parseCount("--redis-timeout", text, 0, 31_536_000);
