import {spawn} from "node:child_process";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";
import {chinchilla} from "../../src/laws/chinchilla.js";
import {allLaws} from "../../src/laws/index.js";
import {lossAt} from "../../src/laws/law.js";
import {bitscape, program, temporaryFolder} from "./bitscape.js";
import {inProcess} from "./in-process.js";

const folder = temporaryFolder();
const replication = fileURLToPath(new URL("../../data/tables/chinchilla-replication.csv", import.meta.url));
const constants = {A: 400, B: 2000, E: 1.8, alpha: 0.35, beta: 0.37};

/** Runs on the law itself, over 25 sizes and amounts of text. */
const exactRuns = [1e7, 3e7, 1e8, 3e8, 1e9].flatMap((parameters) =>
  [1e9, 3e9, 1e10, 3e10, 1e11].map((tokens) => ({
    parameters,
    tokens,
    loss: lossAt(chinchilla, constants, {parameters, tokens}),
  })),
);

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const exact = file("exact.csv", [
  "N,D,loss,recipe",
  ...exactRuns.map(({parameters, tokens, loss}) => `${parameters},${tokens},${loss},fp32`),
]);

async function fitJson(...args: string[]) {
  const {code, stdout, stderr} = await inProcess(["fit", ...args, "--json", "--workers", "1"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

const valuesOf = (result: {constants: {name: string; value: number}[]}): Record<string, number> =>
  Object.fromEntries(result.constants.map(({name, value}) => [name, value]));

it("bitscape fit finds the constants that runs were computed with", async () => {
  const result = await fitJson("chinchilla", exact);
  for (const [name, value] of Object.entries(constants)) expect(valuesOf(result)[name]).toBeCloseTo(value, 3);
  expect(result.table).toMatchObject({
    source: exact,
    rowsRead: 25,
    domain: {parameters: [1e7, 1e9], tokens: [1e9, 1e11]},
  });
});

it("bitscape fit reads the replication's table, with tokens from compute, and reports for people", async () => {
  const saved = join(folder, "chinchilla.json");
  const args = ["--drop-largest-losses", "5", "--bootstrap", "20", "--seed", "3", "-o", saved];
  const {code, stdout} = await inProcess(["fit", "chinchilla", replication, ...args]);
  const report = stdout;
  expect(code).toBe(0);
  expect(report).toContain("240 of 245 runs");
  expect(report).toContain('D from "Training FLOP" / (6 · parameters)');
  expect(report).toMatch(/95 % interval, bootstrap by run/);
  expect(report).toMatch(/held out +0\.0\d+ RMS, 5 parts/);
  expect(report).toMatch(/line 7 +1\.73B +875M +3\.3957 +3\.\d+ +−\d\.\d\d %/);
  const {bootstrap, law, table} = JSON.parse(readFileSync(saved, "utf8"));
  expect({law, replicates: bootstrap.replicates, left: table.largestLossesLeftOut}).toEqual({
    law: "chinchilla",
    replicates: 20,
    left: 5,
  });
});

it("bitscape fit holds constants fixed, tied and free as it is told", async () => {
  const fixed = await fitJson("chinchilla", exact, "--fix", "alpha=0.34", "--held-out", "0");
  expect(valuesOf(fixed).alpha).toBe(0.34);
  expect(fixed.heldOut).toBeNull();
  const tied = valuesOf(await fitJson("chinchilla", exact, "--tie", "alpha=beta"));
  expect(tied.alpha).toBe(tied.beta);
  const ofPaper = valuesOf(await fitJson("precision-weights", exact, "--held-out", "0"));
  expect(ofPaper.alpha).toBe(ofPaper.beta);
  const free = valuesOf(await fitJson("precision-weights", exact, "--no-tie", "--held-out", "0"));
  expect(free.alpha).not.toBe(free.beta);
});

it("bitscape fit --compare ranks laws by their errors on the same held-out runs", async () => {
  const {comparison} = await fitJson("kaplan", exact, "--compare", "chinchilla,kaplan-tokens");
  expect(comparison.map(({law}: {law: string}) => law)).toEqual(["chinchilla", "kaplan", "kaplan-tokens"]);
  const {stdout} = await inProcess(["fit", "kaplan", exact, "--compare", "chinchilla"]);
  expect(stdout).toMatch(/laws by error .*\nchinchilla +5 .*\nkaplan +4 /);
});

it("bitscape fit says what the runs do not identify", async () => {
  const one = file("one-size.csv", [
    "N,D,loss",
    ...exactRuns.slice(0, 5).map((run) => Object.values(run).join()),
  ]);
  const {code, stdout} = await inProcess(["fit", "chinchilla", one, "--held-out", "0"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/All runs have the same parameters/);
  expect(stdout).toMatch(/^alpha \(α\) .*not identified/m);
});

it("bitscape fit reads a published sweep by its name", async () => {
  const {table, rows} = await fitJson("precision-weights", "block-size", "--held-out", "0", "--starts", "2");
  expect(rows).toBe(table.rowsRead);
  expect(table.columns.loss).toBe('"held_out_loss"');
});

it("bitscape fit reads standard input", async () => {
  const {code, stdout} = await bitscape(["fit", "chinchilla", "-", "--json"], {input: readFileSync(exact)});
  expect(code).toBe(0);
  expect(JSON.parse(stdout.toString()).rows).toBe(25);
});

it.each([
  ["an unknown law", ["chinchila", exact], 2, 'no law "chinchila"; did you mean chinchilla?'],
  ["an absent file", ["chinchilla", "absent.csv"], 1, "cannot read absent.csv: no such file or folder"],
  ["an unknown column", ["chinchilla", exact, "--column", "loss=Loss2"], 2, 'no column "Loss2"'],
  [
    "an unknown constant",
    ["chinchilla", exact, "--fix", "alfa=1"],
    2,
    'no constant "alfa"; did you mean alpha?',
  ],
  [
    "a constant that is no number",
    ["chinchilla", exact, "--fix", "alpha=x"],
    2,
    '--fix alpha=x: "x" is no number',
  ],
  ["a filter without a comparison", ["chinchilla", exact, "--where", "recipe"], 2, "--where"],
  ["a filter that leaves nothing", ["chinchilla", exact, "--where", "recipe=int4"], 1, "none of the 25 rows"],
  [
    "more losses than there are",
    ["chinchilla", exact, "--drop-largest-losses", "25"],
    2,
    "of 25 runs the 25",
  ],
  [
    "a comparison without held-out runs",
    ["kaplan", exact, "--compare", "chinchilla", "--held-out", "0"],
    2,
    "--compare",
  ],
])("bitscape fit refuses %s in one line", async (_, args, code, message) => {
  const outcome = await inProcess(["fit", ...args]);
  expect(outcome.stderr).toContain(message);
  expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
  expect(outcome.stderr).toMatch(/^bitscape: /);
  expect({code: outcome.code, stdout: outcome.stdout}).toEqual({code, stdout: ""});
});

it("bitscape fit names bad rows, and leaves them out when asked", async () => {
  const bad = file("bad.csv", [
    "N,D,loss",
    ...exactRuns.map((run) => Object.values(run).join()),
    "1e6,1e8,nan",
  ]);
  const refused = await bitscape(["fit", "chinchilla", bad]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("1 of 26 rows cannot be used: line 27: loss is not a number (NaN)");
  const {stdout, code} = await inProcess(["fit", "chinchilla", bad, "--skip-bad-rows", "--held-out", "0"]);
  expect(code).toBe(0);
  expect(stdout).toContain("1 that cannot be used (line 27: loss is not a number (NaN))");
});

it("bitscape laws lists every law, and describes one with its published constants and their range", async () => {
  const list = (await inProcess(["laws"])).stdout;
  for (const {name} of allLaws) expect(list).toMatch(new RegExp(`^${name} .*`, "m"));
  for (const {formula} of allLaws) expect(list).toContain(formula);
  const one = (await inProcess(["laws", "chinchilla"])).stdout;
  expect(one).toContain("482.01 ± 124.5");
  expect(one).toMatch(/fitted on N 57M to 16\.2B/);
  const json = JSON.parse((await inProcess(["laws", "--json"])).stdout);
  expect(json.map(({name}: {name: string}) => name)).toEqual(allLaws.map(({name}) => name));
  expect((await inProcess(["laws", "chinchila"])).code).toBe(2);
});

it("bitscape fit ends at once when it is interrupted", async () => {
  const child = spawn(process.execPath, [
    program,
    "fit",
    "chinchilla",
    replication,
    "--bootstrap",
    "1000000",
  ]);
  const ended = new Promise((resolve) => child.on("close", resolve));
  await new Promise((resolve) => child.stderr.once("data", resolve)); // the first line of progress
  child.kill("SIGINT");
  expect(await ended).toBe(130);
});
