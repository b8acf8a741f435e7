import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {existsSync, readdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {describe, expect, it, onTestFinished} from "vitest";
import {hasRedis, startRedis} from "../support/redis-server.js";
import {bitscape, program, temporaryFolder} from "./bitscape.js";

const folder = temporaryFolder();
const store = (name: string) => join(folder, name);
const file = join(folder, "small.yaml");
writeFileSync(
  file,
  [
    "layers: 1\nwidth: 16\nheads: 1\ncontext: 16\nbatch: 4\nsteps: 40\nevaluationBatches: 1",
    "learningRate: [0.001, 0.002, 0.004, 0.008]\nrecipe: [fp32, fp8]\nseed: [1, 2, 3]\n",
  ].join("\n"),
);
const runs = 24;

/** A command in the background, with a store of its own; it ends with the test. */
function start(name: string, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    env: {...process.env, BITSCAPE_STORE: store(name)},
  });
  const output = {stdout: "", stderr: ""};
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  const exit = once(child, "exit").then(([code]) => code as number | null);
  onTestFinished(() => void child.kill("SIGKILL"));
  return {child, output, exit};
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

const recordsIn = (name: string): number =>
  existsSync(store(name))
    ? readdirSync(store(name)).filter((entry) => /^[0-9a-f]{20}\.json$/.test(entry)).length
    : 0;

/** Always the same random numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("bitscape worker", () => {
  it.each([
    [["worker"], /^bitscape: required option '--redis <address>' not specified\n$/],
    [["worker", "--redis", "localhost"], /^bitscape: --redis: this is no address; expected redis:.*\n$/],
    [
      ["worker", "--redis", "redis://h", "--lease", "0"],
      /^bitscape: --lease 0: expected a whole number from 1 .*\n$/,
    ],
    [
      ["sweep", file, "--redis", "redis://h", "--workers", "2"],
      /^bitscape: --workers counts runs on this machine: .*\n$/,
    ],
  ])("refuses %j in one line", async (args, message) => {
    const {code, stderr} = await bitscape(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it.skipIf(!hasRedis)(
    "gives a run back when it is to end at once, and another worker computes it",
    async () => {
      const redis = await startRedis();
      const reach = ["--redis", redis.url];
      const long = start("long", [
        "sweep",
        file,
        ...reach,
        "--set",
        "steps=1500",
        "--set",
        "seed=1",
        "--set",
        "recipe=fp32",
      ]);
      const first = start("first", ["worker", "--workers", "2", "--grace", "0", "--lease", "30", ...reach]);
      while (!/ is done /.test(first.output.stderr)) await sleep(20);
      first.child.kill("SIGTERM");
      expect(await first.exit, first.output.stderr).toBe(0);
      expect(first.output.stderr).toMatch(/worker ends: \d runs? done\n$/);
      const second = start("second", ["worker", "--workers", "2", "--idle-exit", "2", ...reach]);
      expect(await long.exit, long.output.stderr).toBe(0);
      expect(long.output.stderr).not.toContain("lost");
      expect(await second.exit).toBe(0);
      expect(recordsIn("first") + recordsIn("second")).toBe(4);
    },
  );
});

describe.skipIf(!hasRedis)("bitscape sweep --redis", () => {
  it("gives the table of an uninterrupted sweep after twenty kills of workers, sweep and Redis", async () => {
    const local = start("local", ["sweep", file]);
    expect(await local.exit, local.output.stderr).toBe(0);
    const redis = await startRedis();
    const reach = ["--redis", redis.url, "--redis-timeout", "30"];
    const commands = {
      "worker 1": ["worker", "--workers", "1", "--lease", "1", ...reach],
      "worker 2": ["worker", "--workers", "1", "--lease", "1", ...reach],
      sweep: ["sweep", file, ...reach],
    };
    type Name = keyof typeof commands;
    const names = Object.keys(commands) as Name[];
    const running = Object.fromEntries(names.map((name) => [name, start(name, commands[name])])) as Record<
      Name,
      ReturnType<typeof start>
    >;
    const random = randomNumbers(7);
    const targets = [...names, "redis"] as const;
    const killed: Record<string, number> = {};
    for (let kills = 0; kills < 20; kills++) {
      // spread over the whole sweep, two at a time, at moments that nothing decides
      const enough = 2 * Math.floor(kills / 2);
      while (recordsIn("sweep") < enough && !hasEnded(running.sweep.child)) await sleep(10);
      await sleep(300 * random());
      const target = targets[Math.floor(random() * targets.length)];
      killed[target] = (killed[target] ?? 0) + 1;
      if (target === "redis") {
        await redis.kill();
        await sleep(300 * random());
        await redis.start();
      } else {
        expect(hasEnded(running[target].child), running[target].output.stderr).toBe(false);
        running[target].child.kill("SIGKILL");
        await running[target].exit;
        running[target] = start(target, commands[target]);
      }
    }
    expect(Object.keys(killed).sort()).toEqual([...targets].sort());
    expect(await running.sweep.exit, running.sweep.output.stderr).toBe(0);
    expect(running.sweep.output.stdout).toBe(local.output.stdout);
    expect(recordsIn("sweep")).toBe(runs);
    expect(recordsIn("worker 1") + recordsIn("worker 2")).toBeGreaterThanOrEqual(runs);
  });
});
