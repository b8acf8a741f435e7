import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {tableFromIPC} from "@uwdata/flechette";
import {beforeAll, describe, expect, it} from "vitest";
import {engineId} from "../../src/kernels/generated.js";
import {openFailures} from "../../src/sweeps/failures.js";
import {plan} from "../../src/sweeps/plan.js";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {readPreset} from "../../src/sweeps/preset.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {entryText} from "../../src/sweeps/store-entry.js";
import {runId} from "../../src/training/run-id.js";
import {type RunRecord, recordVersion} from "../../src/training/run-record.js";
import {temporaryFile} from "../../src/training/temporary-file.js";
import {deadProcess} from "../support/dead-process.js";
import {sampleRecord} from "../sweeps/sample.js";
import {bitscape, temporaryFolder} from "./bitscape.js";

const folder = temporaryFolder();
const storeFolder = join(folder, "runs");
process.env.BITSCAPE_STORE = storeFolder;
const file = join(folder, "small.yaml");
writeFileSync(file, "width: [16, 32]\nheads: 1\nrecipe: [fp32, fp8]\nlayers: 1\nsteps: 3\n");
const runs = plannedRuns(plan(readPreset(file), [], settingsChoices()), engineId);

/** Of four runs two are finished, one failed, and one was computed by another engine. */
beforeAll(async () => {
  const store = openRunStore({folder: storeFolder});
  await store.put(sampleRecord(runs[0].settings, engineId));
  await store.put({
    ...sampleRecord(runs[1].settings, engineId),
    trainingLoss: [3.3, 2.2, 0.5],
    finalHeldOutLoss: 1.5,
    weightHash: "0".repeat(64),
  });
  const attempt = {reason: 'a "reason"', time: "2026-11-22T20:00:00Z", worker: "worker 1"};
  const failures = openFailures(storeFolder);
  await failures.put({...runs[2], attempts: [attempt, attempt]});
  await failures.put({...runs[0], attempts: [attempt]}); // finished since
  await failures.put({...runs[3], id: runId(runs[3].settings, "another"), attempts: [attempt]});
  await store.put(sampleRecord(runs[3].settings, "another"));
  const id = "b".repeat(20);
  const older = {...sampleRecord(), id, version: recordVersion - 1} as unknown as RunRecord;
  writeFileSync(join(storeFolder, `${id}.json`), entryText(older, null));
  writeFileSync(join(storeFolder, `${"a".repeat(20)}.json`), "{");
  writeFileSync(join(storeFolder, "copy of a record.json"), "{}");
  const temporary = temporaryFile(join(storeFolder, "one.json"));
  writeFileSync(temporary.replace(`.${process.pid}.`, `.${deadProcess()}.`), "half");
});

const text = async (...args: string[]) => {
  const {code, stdout, stderr} = await bitscape(["sweep", ...args]);
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return stdout.toString();
};

describe("bitscape sweep status", () => {
  it("names a file that it sets aside, and says what is finished, missing, failed and by another engine", async () => {
    const {stdout, stderr} = await bitscape(["sweep", "status", file]);
    expect(stderr).toMatch(/^.*a{20}\.json is truncated or no run record; it is set aside as .*\n$/);
    expect(stdout.toString()).toMatch(/^finished +2\npublished +0 that are not in the store\nmissing +2$/m);
    expect(stdout.toString()).toMatch(
      /^failed +1 of the missing ones\nsuperseded +1: 1 by engine another; .* now$/m,
    );
    expect(stdout.toString()).toMatch(
      new RegExp(`^${runs[2].id} +2 +a "reason" +recipe=fp32 width=32$`, "m"),
    );
  });

  it("lists all sweeps, and what else lies in the store", async () => {
    const output = await text("status");
    expect(output).toMatch(/^transfer +192 +0 +0 +192 +0 +0 +0 +0 B$/m);
    expect(output).toMatch(/^in no settings file +2 +0 +3 +1 +/m);
    expect(output).toMatch(/^The store .* has 3 records of \d+\.\d kB\.$/m);
    expect(output).toMatch(
      /^1 file \(.*\) of an earlier version of Bitscape, kept and not used: b{20}\.json$/m,
    );
    expect(output).toMatch(/^1 file \(1 B\) set aside, .*: a{20}\.json$/m);
    expect(output).toMatch(/^1 file \(4 B\) left half-written by killed processes; .*\.tmp$/m);
    expect(output).toMatch(
      /^1 file \(2 B\) no records by their names, and left alone: copy of a record\.json$/m,
    );
  });

  it("says the same as JSON", async () => {
    expect(JSON.parse(await text("status", file, "--json"))).toMatchObject({
      ...{store: storeFolder, engine: engineId, name: "small", runs: 4, finished: 2, missing: 2},
      failures: [{id: runs[2].id, attempts: [{}, {}]}],
      superseded: [{engine: "another"}],
    });
    const all = JSON.parse(await text("status", "--json"));
    expect(all.foreign).toEqual([{path: join(storeFolder, "copy of a record.json"), bytes: 2}]);
    expect(all.others).toHaveLength(3);
  });
});

describe("bitscape sweep diff", () => {
  it("shows where two runs differ", async () => {
    const output = await text("diff", runs[0].id.slice(0, 8), runs[1].id);
    expect(output).toMatch(/^recipe +fp32 +fp8$/m);
    expect(output).toMatch(/^held-out loss +1\.2500 +1\.5000 +\+0\.2500$/m);
    expect(output).toMatch(/^3\.300 │\*$/m);
    expect(output).toContain("The curves are the same for 1 step and part at step 2: 2.1 and 2.2.");
    expect(output).toContain("They are farthest apart at step 3: 0.3333333 and 0.5.");
  });

  it("says the same as JSON", async () => {
    expect(JSON.parse(await text("diff", runs[0].id, runs[1].id, "--json"))).toMatchObject({
      settings: [{key: "recipe", a: "fp32", b: "fp8"}],
      curves: {parting: {step: 2, a: 2.1, b: 2.2}},
      published: {a: null, b: null},
    });
  });
});

describe("bitscape sweep export", () => {
  it("writes runs as CSV to standard output, and says which are missing", async () => {
    const {stdout, stderr} = await bitscape(["sweep", "export", file]);
    const [header, ...rows] = stdout.toString().trimEnd().split("\n");
    expect(header).toMatch(/^run,scheme,recipe,.*,held_out_loss,/);
    expect(rows.map((row) => row.split(",")[0])).toEqual([runs[0].id, runs[1].id]);
    expect(stderr).toBe("2 of 4 runs; 2 are missing\n");
  });

  it("writes steps to a file of the form that its name says", async () => {
    const out = join(folder, "steps.arrow");
    expect(await text("export", file, out, "--table", "steps")).toBe("");
    const table = tableFromIPC(readFileSync(out));
    expect(table.numRows).toBe(6);
    expect(table.get(5)).toMatchObject({run: runs[1].id, recipe: "fp8", step: 3, training_loss: 0.5});
  });

  it("writes published records of runs that the store does not have", async () => {
    const {stdout, stderr} = await bitscape(["sweep", "export", "activations", "--set", "seed=2"]);
    expect(stdout.toString().trimEnd().split("\n")).toHaveLength(4);
    expect(stderr).toBe("3 of 3 runs; 3 of them as published, with rounded losses\n");
  });

  it.each([
    [
      ["export", file, "--table", "probes"],
      /argument 'probes' is invalid\. Allowed choices are runs, steps/,
      2,
    ],
    [
      ["export", file, "/nowhere/x.csv"],
      /^bitscape: cannot write \/nowhere\/x\.csv: no such file or folder\n$/,
      1,
    ],
    [["export", file, "/dev/full"], /^bitscape: cannot write \/dev\/full: the disk is full\n$/, 1],
    [
      ["export", "tab"],
      /^bitscape: no run of tab is finished or published; "bitscape sweep tab" computes them\n$/,
      1,
    ],
    [["diff", "1"], /missing required argument 'B'/, 2],
    [
      ["diff", "x", "y"],
      /^bitscape: "x" is no run: expected an id of 20 hexadecimal digits, or the first of them\n$/,
      2,
    ],
    [["status", "smal"], /^bitscape: there are no settings "smal"; /, 2],
  ])("refuses %j in one line", async (args, message, exitCode) => {
    const {code, stderr} = await bitscape(["sweep", ...args]);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(exitCode);
  });
});

describe("bitscape sweep gc", () => {
  const everything = () => readdirSync(storeFolder, {recursive: true}).sort();
  const visible = () => readdirSync(storeFolder).filter((name) => name.endsWith(".json"));

  it("lists what can go, and changes nothing in a dry run", async () => {
    const damaged = `${runs[2].id}.json`;
    writeFileSync(join(storeFolder, damaged), "{");
    rmSync(join(storeFolder, ".index"));
    const before = everything();
    const {code, stdout, stderr} = await bitscape(["sweep", "gc", "--dry-run"]);
    expect(code).toBe(0);
    const output = stdout.toString();
    expect(output).toMatch(/left half-written by a killed process$/m);
    expect(output).toMatch(/a{20}\.json +set aside, since not what its name says$/m);
    expect(output).toMatch(new RegExp(`${damaged} +set aside, since not what its name says$`, "m"));
    expect(output).toMatch(/the failure of a run that has been finished since$/m);
    expect(output).toMatch(/^would remove 5 files, \d+\.\d kB$/m);
    expect(stderr).toMatch(/\.json is truncated or no run record; it is not used, and would be set aside\n$/);
    expect(everything()).toEqual(before);

    expect((await bitscape(["sweep", file, "--dry-run"])).code).toBe(0);
    expect(everything()).toEqual(before);
    rmSync(join(storeFolder, damaged));
  });

  it("removes it, keeps finished work and what is not ours, and finds nothing more", async () => {
    const before = visible();
    expect(await text("gc")).toMatch(/^removed 4 files/m);
    expect(visible()).toEqual(before);
    expect(readdirSync(join(storeFolder, "failed"))).toEqual([`${runs[2].id}.json`]);
    expect(await text("gc")).toBe("nothing to remove\n");
  });

  it("removes the records of other engines when it is asked to", async () => {
    expect(await text("gc", "--other-engines")).toMatch(
      /by engine another\n.*earlier version of Bitscape\nremoved 2 files/,
    );
    expect(visible().sort()).toEqual(
      [`${runs[0].id}.json`, `${runs[1].id}.json`, "copy of a record.json"].sort(),
    );
  });

  it("leaves a folder alone that has nothing of a store", async () => {
    const other = join(folder, "other");
    mkdirSync(join(other, "set"), {recursive: true});
    for (const name of ["package.json", "a.tmp", ".hidden"]) writeFileSync(join(other, name), "");
    process.env.BITSCAPE_STORE = other;
    expect(await text("gc", "--other-engines")).toBe("nothing to remove\n");
    process.env.BITSCAPE_STORE = storeFolder;
    expect(["set", "package.json", "a.tmp", ".hidden"].every((name) => existsSync(join(other, name)))).toBe(
      true,
    );
  });
});
