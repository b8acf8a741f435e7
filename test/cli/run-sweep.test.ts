import {type ChildProcess, execFileSync, spawn} from "node:child_process";
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {beforeAll, describe, expect, it} from "vitest";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {program, temporaryFolder} from "./bitscape.js";

const folder = temporaryFolder();
const tiny = "layers: 1\nwidth: 16\nheads: 1\nbatch: 4\nevaluationBatches: 1\n";

function settingsFile(name: string, text: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, `${tiny}${/^context:/m.test(text) ? "" : "context: 16\n"}${text}`);
  return file;
}

interface Running {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly ended: Promise<{readonly code: number | null; readonly stdout: string; readonly stderr: string}>;
}

/** Starts a sweep whose store is the folder `store` of these tests. */
function start(store: string, args: readonly string[]): Running {
  const env = {...process.env, BITSCAPE_STORE: join(folder, store)};
  const child = spawn(process.execPath, [program, "sweep", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return {
    child,
    stderr: () => stderr,
    ended: new Promise((resolve) => child.on("close", (code) => resolve({code, stdout, stderr}))),
  };
}

const idOf = (file: string): string | undefined => /^([0-9a-f]{20})\.json$/.exec(file)?.[1];

function storedIds(store: string): string[] {
  mkdirSync(join(folder, store), {recursive: true});
  return readdirSync(join(folder, store)).flatMap((file) => idOf(file) ?? []);
}

/** Waits until the store has so many records, or the sweep has ended. */
async function untilStored(store: string, count: number, {child}: Running): Promise<void> {
  while (storedIds(store).length < count && child.exitCode === null) await sleep(10);
}

/** Process numbers of the workers. */
function workersOf({child}: Running): number[] {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], {encoding: "utf8"}).split("\n");
  const fields = processes.map((line) => line.trim().split(/\s+/));
  return fields
    .filter(([, parent, ...args]) => Number(parent) === child.pid && args.join(" ").includes("run-worker"))
    .map(([pid]) => Number(pid));
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every record of the store can be read; none is set aside. */
async function expectWhole(store: string): Promise<void> {
  const warnings: string[] = [];
  const opened = openRunStore({folder: join(folder, store), warn: (line) => warnings.push(line)});
  for (const id of storedIds(store)) expect(await opened.get(id)).toMatchObject({id});
  expect(warnings).toEqual([]);
}

describe("bitscape sweep, killed ten times at random moments", () => {
  const seed = Number(process.env.BITSCAPE_TEST_SEED) || Math.floor(Math.random() * 1e6);
  const kills = 10;
  const runs = 24;
  let file: string;
  let uninterrupted: string;

  beforeAll(async () => {
    file = settingsFile(
      "killed",
      `steps: 200\nseed: [${Array.from({length: runs}, (_, i) => i).join(", ")}]\n`,
    );
    const {code, stdout} = await start("whole", [file, "--workers", "2"]).ended;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(runs + 1);
    uninterrupted = stdout;
  });

  it(`gives the same table when its workers are killed (BITSCAPE_TEST_SEED=${seed})`, async () => {
    const random = randomNumbers(seed);
    const sweep = start("workers", [file, "--workers", "2", "--retries", "100"]);
    for (let kill = 0; kill < kills; kill++) {
      await untilStored("workers", Math.floor((kill * runs) / (2 * kills)), sweep); // long before the end
      await sleep(random() * 150);
      const workers = workersOf(sweep);
      const victim = workers[Math.floor(random() * workers.length)];
      if (victim) process.kill(victim, "SIGKILL");
      else kill -= 1;
      expect(sweep.child.exitCode, sweep.stderr()).toBeNull();
    }
    const {code, stdout, stderr} = await sweep.ended;
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(uninterrupted);
    await expectWhole("workers");
    expect(readdirSync(join(folder, "workers/failed"))).toEqual([]);
  });

  it(`gives the same table when it is killed itself and resumed (BITSCAPE_TEST_SEED=${seed})`, async () => {
    const random = randomNumbers(seed + 1);
    let finished: string[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const sweep = start("coordinator", [file, "--workers", "2"]);
      await untilStored("coordinator", Math.floor((kill * runs) / (kills + 1)) + 1, sweep);
      await sleep(random() * 150);
      const workers = workersOf(sweep);
      sweep.child.kill("SIGKILL");
      await sweep.ended;
      while (workers.some(isAlive)) await sleep(20);
      const stored = storedIds("coordinator");
      expect(stored).toEqual(expect.arrayContaining(finished)); // nothing finished is lost
      finished = stored;
      await expectWhole("coordinator");
    }
    const {code, stdout, stderr} = await start("coordinator", [file, "--workers", "2"]).ended;
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(uninterrupted);
    expect(readdirSync(join(folder, "coordinator")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("bitscape sweep, interrupted", () => {
  const seeds = (count: number) => `seed: [${Array.from({length: count}, (_, i) => i).join(", ")}]\n`;

  it("finishes the runs in flight, begins no other, and goes on next time", async () => {
    const file = settingsFile("drained", `steps: 4000\n${seeds(6)}`);
    const sweep = start("drained", [file, "--workers", "1"]);
    await untilStored("drained", 1, sweep);
    await sleep(300); // until the second has begun, and long before it ends
    sweep.child.kill("SIGINT");
    const {code, stdout, stderr} = await sweep.ended;
    expect(stdout).toBe("");
    expect(stderr).toContain("finishing the runs in flight; Ctrl-C again stops now\n");
    expect(stderr).toMatch(/^6 runs: 2 computed in \d+ s, 4 not computed$/m);
    expect(stderr).toMatch(/bitscape: interrupted: 2 of 6 runs are finished and kept\n$/);
    expect(code).toBe(130);
    await expectWhole("drained");
  });

  it.each([
    ["by a second Ctrl-C", "SIGINT", [], "stopping now\n"],
    [
      "when the grace time after SIGTERM has passed",
      "SIGTERM",
      ["--grace", "1"],
      "stopping: 1 s have passed\n",
    ],
  ] as const)("stops now %s", async (_, signal, options, notice) => {
    const file = settingsFile(signal, `steps: 1000000\n${seeds(4)}`);
    const sweep = start(signal, [file, "--workers", "2", ...options]);
    while (workersOf(sweep).length < 2) await sleep(50);
    sweep.child.kill(signal);
    if (signal === "SIGINT") {
      while (!sweep.stderr().includes("Ctrl-C again stops now")) await sleep(20);
      await sleep(600); // sooner, it would be taken for an echo of the first
      sweep.child.kill(signal);
    }
    const {code, stderr} = await sweep.ended;
    expect(stderr).toContain(notice);
    expect(stderr).toMatch(/bitscape: interrupted: 0 of 4 runs are finished and kept\n$/);
    expect(code).toBe(130);
    expect(storedIds(signal)).toEqual([]);
  });
});

describe("bitscape sweep whose output goes nowhere any more", () => {
  const hasScript = process.platform === "linux" && existsSync("/usr/bin/script");
  const settings = (steps: number) => `steps: ${steps}\nseed: [0, 1, 2, 3, 4, 5]\n`;

  /** Starts a sweep in a terminal under a shell, which tells how the sweep ended though the terminal is closed. */
  function startInTerminal(name: string, steps: number, onHangup: string) {
    const [shell, status] = [join(folder, `${name}.sh`), join(folder, `${name}-status`)];
    const command = `'${process.execPath}' '${program}' sweep '${settingsFile(name, settings(steps))}' --workers 1`;
    const wait = "wait $!; wait $!"; // the hangup ends the first
    writeFileSync(shell, `trap '${onHangup}' HUP\n${command} &\n${wait}\necho $? >'${status}'\n`);
    // With a shell around it, which the hangup ends, every process of the terminal would get the signal.
    const terminal = spawn("/usr/bin/script", ["-qec", `exec sh '${shell}'`, "/dev/null"], {
      env: {...process.env, SHELL: "/bin/sh", BITSCAPE_STORE: join(folder, name)},
      stdio: "ignore",
    });
    const exitCode = async () => {
      while (!existsSync(status) || readFileSync(status, "utf8") === "") await sleep(50);
      return Number(readFileSync(status, "utf8"));
    };
    return {terminal, exitCode};
  }

  it.skipIf(!hasScript)(
    "ends in order when its terminal is closed, and keeps the run in flight",
    async () => {
      const {terminal, exitCode} = startInTerminal("closed", 4000, "kill -HUP $!");
      while (storedIds("closed").length < 1) await sleep(20);
      await sleep(300); // until the second has begun, and long before it ends
      terminal.kill("SIGKILL");
      expect(await exitCode()).toBe(130);
      expect(storedIds("closed")).toHaveLength(2);
      await expectWhole("closed");
    },
  );

  it.skipIf(!hasScript)("goes on without its terminal where no signal tells it to end", async () => {
    const {terminal, exitCode} = startInTerminal("disowned", 400, ":");
    while (storedIds("disowned").length < 1) await sleep(20);
    terminal.kill("SIGKILL");
    expect(await exitCode()).toBe(0);
    expect(storedIds("disowned")).toHaveLength(6);
  });

  it("begins no further run when nobody reads its lines", async () => {
    const file = settingsFile("unread", settings(1000));
    const sweep = start("unread", [file, "--workers", "1", "--json"]);
    sweep.child.stdout!.destroy();
    const {code, stderr} = await sweep.ended;
    expect(stderr).toMatch(/^finishing the runs in flight; .*$/m);
    const [, kept] = /bitscape: interrupted: ([12]) of 6 runs are finished and kept\n$/.exec(stderr) ?? [];
    expect(storedIds("unread")).toHaveLength(Number(kept));
    expect(code).toBe(130);
    await expectWhole("unread");
  });
});

describe("bitscape sweep with a run that fails", () => {
  const corpus = join(folder, "short.txt");
  let file: string;
  beforeAll(() => {
    writeFileSync(corpus, "to be or not to be, that is the question: ".repeat(3));
    file = settingsFile("failing", `steps: 2\ncorpus: ${corpus}\ncontext: [8, 4096]\nseed: [1, 2]\n`);
  });

  it("keeps going, lists it with its reason, and ends with exit code 1", async () => {
    const {code, stdout, stderr} = await start("failing", [file, "--workers", "1"]).ended;
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.filter((line) => / {2}failed {2}/.test(line))).toHaveLength(2);
    expect(lines.filter((line) => / \d\.\d{4} /.test(line))).toHaveLength(2);
    expect(stderr).toMatch(/^the run context=4096 seed=1 failed: corpus .* is too short for context 4096/m);
    expect(stderr).toMatch(/bitscape: 2 runs failed; the run context=4096 seed=1 failed: corpus .*\n$/);
    const listed = await start("failing", [file, "--dry-run"]).ended;
    expect(listed.stdout.match(/ failed /g)).toHaveLength(2);
  });

  it("names the line of a setting that the model of one combination refuses", async () => {
    const refused = settingsFile("refused", "steps: 2\nforwardUnit: a100-mma\nrecipe: [fp16, mxfp4]\n");
    const {code, stderr} = await start("refused", [refused]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^bitscape: the run recipe=mxfp4 failed: \S*refused\.yaml:8: forwardUnit: a100-mma does not multiply e2m1/m,
    );
  });

  it("stops at it when told to fail fast", async () => {
    const {code, stdout, stderr} = await start("fast", [file, "--workers", "1", "--fail-fast", "--json"])
      .ended;
    expect(code).toBe(1);
    const outcomes = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(outcomes).toMatchObject([{state: "failed", label: "context=4096 seed=1", attempts: 1}]);
    expect(stderr).toMatch(/^4 runs: 1 failed, 3 not computed$/m);
  });
});

it("bitscape sweep --shard splits a sweep into parts that make the whole", async () => {
  const file = settingsFile("sharded", "steps: [2, 3, 4]\nseed: [1, 2]\n");
  const shards = ["1/3", "2/3", "3/3"];
  const parts = await Promise.all(
    shards.map((shard) => start("sharded", [file, "--workers", "1", "--shard", shard]).ended),
  );
  expect(parts.map(({code}) => code)).toEqual([0, 0, 0]);
  const rows = parts.flatMap(({stdout}) => stdout.trimEnd().split("\n").slice(1));
  const {stdout, stderr} = await start("sharded", [file]).ended;
  expect(stderr).toBe("6 runs: 6 finished before\n");
  expect(rows.map((row) => row.slice(0, 20)).sort()).toEqual(
    stdout
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((row) => row.slice(0, 20))
      .sort(),
  );
});
