import {Redis} from "ioredis";
import {type BitscapeError, failure} from "../../errors.js";
import type {RedisAddress} from "./address.js";

/** The oldest server that has all commands used here. */
const oldestVersion = [6, 2] as const;

/** Milliseconds. */
const times = {connect: 10_000, ping: 10_000, silence: 30_000, slowestRetry: 2000} as const;

/** A connection that comes back by itself; commands wait until it has. */
export interface RedisLink {
  readonly client: Redis;
  readonly address: RedisAddress;
  /** Seconds for which a server is waited for. */
  readonly timeout: number;
  readonly isLost: () => boolean;
  /** Called each time that a lost connection is back; the server may have forgotten everything. */
  readonly onBack: (listener: () => void) => void;
  /** Rejects when the server has been away for longer than `timeout`. */
  readonly givenUp: Promise<never>;
  readonly close: () => void;
}

export interface ConnectOptions {
  /** Seconds for which a server that does not answer is waited for. */
  readonly timeout: number;
  /** Whether it is waited for at the beginning too, when a mistake in the address is more likely. */
  readonly waitAtStart: boolean;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Connects, after a look at what answers there.
 * @throws a one-line error when nothing answers, or something that is no Redis, or one that cannot be used
 */
export async function connectRedis(address: RedisAddress, options: ConnectOptions): Promise<RedisLink> {
  await waitForServer(address, options);
  const {timeout, say} = options;
  const client = new Redis(address.url, {
    maxRetriesPerRequest: null,
    connectTimeout: times.connect,
    keepAlive: times.silence,
    retryStrategy: (attempt) => Math.min(100 * attempt, times.slowestRetry),
  });
  const copies: Redis[] = [];
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => {
    const copy = duplicate(override); // BullMQ waits for jobs on a connection of its own
    copies.push(copy);
    return copy;
  };
  let lastReply = performance.now();
  const watch = setInterval(() => {
    if (isLost) return;
    if (performance.now() - lastReply > times.silence)
      client.disconnect(true); // a dead cable ends no connection
    else client.ping().then(heard, () => {});
  }, times.ping);
  const heard = () => {
    lastReply = performance.now();
  };
  let isClosing = false;
  let isLost = false;
  let timer: NodeJS.Timeout | undefined;
  let giveUp: (error: Error) => void = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  givenUp.catch(() => {}); // for those who do not wait for it
  const listeners: (() => void)[] = [];
  client.on("error", () => {}); // told of by `close`
  client.on("close", () => {
    if (isClosing || isLost) return;
    isLost = true;
    say(`Redis at ${address.shown} is gone; waiting for it, and runs that were begun go on`);
    timer = setTimeout(
      () => giveUp(failure(`Redis at ${address.shown} was away for ${timeout} s`)),
      timeout * 1000,
    );
  });
  client.on("ready", () => {
    heard();
    if (!isLost) return;
    isLost = false;
    clearTimeout(timer);
    say(`Redis at ${address.shown} is back`);
    for (const listener of listeners) listener();
  });
  return {
    client,
    address,
    timeout,
    isLost: () => isLost,
    onBack: (listener) => listeners.push(listener),
    givenUp,
    close() {
      isClosing = true;
      clearTimeout(timer);
      clearInterval(watch);
      for (const connection of [client, ...copies]) connection.disconnect();
    },
  };
}

async function waitForServer(
  address: RedisAddress,
  {timeout, waitAtStart, say, signal}: ConnectOptions,
): Promise<void> {
  const end = performance.now() + timeout * 1000;
  let hasSaid = false;
  for (;;) {
    const problem = await probe(address);
    if (!problem) return;
    if (!waitAtStart || !problem.mayPass || signal?.aborted) throw problem.error;
    if (performance.now() > end)
      throw failure(`Redis at ${address.shown} did not come within ${timeout} s: ${problem.error.message}`);
    if (!hasSaid) say(`${problem.error.message}; waiting for it`);
    hasSaid = true;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

interface Problem {
  readonly error: BitscapeError;
  /** Whether waiting can help. */
  readonly mayPass: boolean;
}

/** Connects once, to see what answers. */
async function probe(address: RedisAddress): Promise<Problem | undefined> {
  const client = new Redis(address.url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    connectTimeout: times.connect,
    commandTimeout: times.connect,
  });
  const messages: string[] = [];
  client.on("error", (error: Error) => messages.push(describe(error)));
  try {
    await client.connect();
    return versionProblem(await client.info(), address);
  } catch (error) {
    return problemOf([...messages, describe(error as Error)], address);
  } finally {
    client.disconnect();
  }
}

/** Connecting to a name with several addresses fails with several errors. */
const describe = (error: Error): string =>
  error instanceof AggregateError ? error.errors.map(({message}) => message).join("; ") : error.message;

function versionProblem(info: string, {shown}: RedisAddress): Problem | undefined {
  const [, version = "an unknown version"] = /^redis_version:(\S+)/m.exec(info) ?? [];
  const [major, minor = 0] = version.split(".").map(Number);
  const isEnough = major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1]);
  if (isEnough) return undefined;
  const error = failure(`Redis at ${shown} is ${version}; ${oldestVersion.join(".")} or later is needed`);
  return {error, mayPass: false};
}

/** Says in one line what is wrong, from what the driver reports. */
function problemOf(messages: readonly string[], {shown}: RedisAddress): Problem {
  const text = messages.join("; ");
  const final = (message: string): Problem => ({error: failure(message), mayPass: false});
  const passing = (message: string): Problem => ({error: failure(message), mayPass: true});
  if (/NOAUTH|authentication required/i.test(text))
    return final(
      `Redis at ${shown} asks for a password: redis://:PASSWORD@HOST, or the environment variable REDISCLI_AUTH`,
    );
  if (/WRONGPASS|invalid password|without any password|no password is set/i.test(text))
    return final(`Redis at ${shown} does not take this name and password`);
  if (/NOPERM/.test(text))
    return final(`Redis at ${shown} does not permit this user what is needed: ${text}`);
  if (/protected mode/i.test(text))
    return final(`Redis at ${shown} is in protected mode: it serves other machines only with a password`);
  if (/Protocol error/.test(text)) return final(`what answers at ${shown} is not a Redis`);
  if (/EPROTO|SSL|TLS|certificate/i.test(text)) return final(`no TLS connection to ${shown}: ${messages[0]}`);
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return passing(`there is no host of the name in ${shown}`);
  if (/ECONNREFUSED/.test(text)) return passing(`nothing answers at ${shown}: connection refused`);
  if (/LOADING/.test(text)) return passing(`Redis at ${shown} is still loading its data`);
  if (/timed? ?out/i.test(text))
    return passing(`nothing answers at ${shown} within ${times.connect / 1000} s`);
  if (/ECONNRESET|Connection is closed|ended/i.test(text))
    return passing(
      `what is at ${shown} closes the connection: it may be another server, or a Redis with TLS`,
    );
  return passing(`cannot connect to ${shown}: ${messages[0]}`);
}
