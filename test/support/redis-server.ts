import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {once} from "node:events";
import {createServer} from "node:net";
import {setTimeout as sleep} from "node:timers/promises";
import {onTestFinished} from "vitest";

const isThere = spawnSync("redis-server", ["--version"]).status === 0;
if (!isThere) {
  const line = "redis-server is not installed (Debian and Ubuntu: apt-get install redis-server)";
  if (process.env.BITSCAPE_REQUIRE_REDIS) throw new Error(line);
  console.warn(`${line}: tests with Redis are skipped`);
}

/** Whether tests can start a Redis; `BITSCAPE_REQUIRE_REDIS` makes it an error if not. */
export const hasRedis = isThere;

/** A Redis of a test's own, in memory only: started again, it is empty. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL; everything in it is lost. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** Starts a Redis that ends with the test. */
export async function startRedis(...options: string[]): Promise<RedisServer> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  };
  const start = async () => {
    server = spawn("redis-server", [
      ...["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      ...options,
    ]);
    server.stdout?.resume();
    await isListening(port);
  };
  await start();
  onTestFinished(kill);
  return {url: `redis://127.0.0.1:${port}`, port, kill, start};
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const {port} = server.address() as {port: number};
  server.close();
  await once(server, "close");
  return port;
}

async function isListening(port: number): Promise<void> {
  const {connect} = await import("node:net");
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(25);
  }
  throw new Error(`the Redis of this test does not listen at port ${port}`);
}
