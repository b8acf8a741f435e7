import {spawn} from "node:child_process";
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {bitscape, program, temporaryFolder} from "./bitscape.js";

const store = temporaryFolder();
process.env.BITSCAPE_STORE = store;
const small = "layers=1 width=16 heads=1 context=16 batch=4 steps=5 evaluationBatches=1"
  .split(" ")
  .flatMap((setting) => ["--set", setting]);

describe("bitscape train", () => {
  it("prints the record as text, keeps it, and gives the same weights again", async () => {
    const first = await bitscape(["train", ...small]);
    expect(first.code).toBe(0);
    const text = first.stdout.toString();
    expect(text).toMatch(/^held-out loss +\d\.\d{4} nats, \d\.\d{4} bits per character$/m);
    expect(text).toMatch(/^floor +0\.\d{4} nats/m);
    const hash = /sha256 ([0-9a-f]{64})/.exec(text)![1];
    expect(readdirSync(store).filter((file) => file.endsWith(".json"))).toHaveLength(1);
    const again = await bitscape(["train", ...small, "--json"]);
    expect(JSON.parse(again.stdout.toString())).toMatchObject({weightHash: hash, tokens: 5 * 4 * 16});
  });

  it("says which settings do nothing, and goes on", async () => {
    const {code, stderr} = await bitscape([
      "train",
      ...small,
      "--set",
      "momentum=0.5",
      "--set",
      "optimizer=lion",
    ]);
    expect(stderr).toMatch(/^note: momentum does nothing here; it is for the optimizer sgd$/m);
    expect(stderr.match(/^note: /gm)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it("trains on any text file", async () => {
    const corpus = join(store, "text.txt");
    writeFileSync(corpus, "the cat sat on the mat, and the mat was flat. ".repeat(50));
    const {code, stdout} = await bitscape(["train", ...small, "--set", `corpus=${corpus}`, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({floor: null, vocabularySize: 16});
  });

  it.each([
    [["--set", "widht=8"], 2, 'bitscape: --set widht=8: unknown setting "widht"; did you mean "width"?\n'],
    [["--set", "width=10", "--set", "heads=4"], 2, "bitscape: --set heads: 4 does not divide width 10\n"],
    [
      ["--set", "recipe=fp9"],
      2,
      /^bitscape: --set recipe: "fp9" is not one of fp32, .*did you mean "fp8"\?\n$/,
    ],
    [["nosuch"], 2, /^bitscape: there are no settings "nosuch"; known: .*\n$/],
    [
      ["variance"],
      2,
      /^bitscape: variance describes 6 runs and train does one: choose it, .*--set scheme=.*\n$/,
    ],
    [
      ["--set", "forwardWeight=int4 row,int8 row"],
      2,
      /, for example with --set "forwardWeight=int4 row"; or, if "int4 row,int8 row" is one value, with --set "forwardWeight='int4 row,int8 row'"\n$/,
    ],
    [
      ["--set", "layerRecipes=head=bf16,first=int8"],
      2,
      /; or, if .* with --set "layerRecipes='head=bf16,first=int8'"\n$/,
    ],
    [["--set", "recipe=fp8,fp32"], 2, /, for example with --set recipe=fp8\n$/],
  ])("refuses %j in one line", async (args, exitCode, message) => {
    const {code, stderr, stdout} = await bitscape(["train", ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(exitCode);
    expect(stdout).toHaveLength(0);
  });

  it("refuses a corpus that is too short for one sequence, and leaves no record but the reason", async () => {
    const corpus = join(store, "short.txt");
    writeFileSync(corpus, "short");
    const records = () => readdirSync(store).filter((file) => file.endsWith(".json"));
    const before = records();
    const {code, stderr} = await bitscape(["train", ...small, "--set", `corpus=${corpus}`]);
    expect(code).not.toBe(0);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^bitscape: .*short\.txt/);
    expect(records()).toEqual(before);
    const [failure] = readdirSync(join(store, "failed"));
    expect(readFileSync(join(store, "failed", failure), "utf8")).toContain("short.txt");
  });

  it("names the line of a setting that the model refuses", async () => {
    const file = join(store, "refused.yaml");
    writeFileSync(file, "layers: 1\nforwardUnit: a100-mma\nrecipe: mxfp4\n");
    const {code, stderr} = await bitscape(["train", file, "--set", "steps=1"]);
    expect(stderr).toMatch(
      /^bitscape: the run failed: \S*refused\.yaml:2: forwardUnit: a100-mma does not multiply e2m1.*\n$/m,
    );
    expect(code).toBe(2);
  });

  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "leaves nothing behind when %s ends a run",
    async (signal) => {
      const folder = join(store, signal);
      mkdirSync(folder);
      const long = [...small, "--set", "steps=1000000", "--set", "probeEvery=2"];
      const {code, stderr} = await interrupted(["train", ...long], {folder, signal});
      expect(readdirSync(folder)).toEqual([]);
      if (signal === "SIGKILL") return;
      expect(code).toBe(130);
      expect(stderr).toMatch(/bitscape: interrupted: 0 of 1 runs are finished and kept\n$/);
    },
  );
});

/** Ends the command by a signal once it trains. */
function interrupted(
  args: readonly string[],
  {folder, signal}: {folder: string; signal: NodeJS.Signals},
): Promise<{code: number | null; stderr: string}> {
  const env = {...process.env, BITSCAPE_STORE: folder};
  const child = spawn(process.execPath, [program, ...args], {env, stdio: ["ignore", "ignore", "pipe"]});
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    if (stderr.includes("%")) setTimeout(() => child.kill(signal), 1000);
  });
  return new Promise((resolve) => child.on("exit", (code) => resolve({code, stderr})));
}
