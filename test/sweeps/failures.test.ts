import {mkdirSync, readdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {type Failure, openFailures} from "../../src/sweeps/failures.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {whileUnwritable} from "../support/unwritable.js";
import {sampleSettings} from "./sample.js";

const sample = (id: string): Failure => ({
  ...{id, label: "seed=1", settings: sampleSettings()},
  attempts: [
    {reason: "the worker was killed by SIGKILL", time: "2026-01-01T00:00:00.000Z", worker: "worker 1"},
  ],
});

it("list() gives the failures that were put, by run", async () => {
  const failures = openFailures(temporaryFolder());
  expect(await failures.list()).toEqual(new Map());
  await failures.put(sample("a"));
  await failures.put(sample("b"));
  await failures.put({...sample("b"), label: "seed=2"});
  expect([...(await failures.list()).values()]).toEqual([sample("a"), {...sample("b"), label: "seed=2"}]);
});

it("clear(id) forgets one failure, and one that is not there", async () => {
  const failures = openFailures(temporaryFolder());
  await failures.put(sample("a"));
  await failures.put(sample("b"));
  await failures.clear("a");
  await failures.clear("never");
  expect([...(await failures.list()).keys()]).toEqual(["b"]);
  expect(readdirSync(failures.folder)).toEqual(["b.json"]);
});

it.each([
  ["truncated", '{"id": "a", "lab'],
  ["of another run", JSON.stringify(sample("b"))],
  ["of another program", "[1, 2]"],
  ["empty", ""],
])("list() passes over a file that is %s", async (_, text) => {
  const failures = openFailures(temporaryFolder());
  await failures.put(sample("c"));
  writeFileSync(join(failures.folder, "a.json"), text);
  mkdirSync(join(failures.folder, "d.json"));
  expect([...(await failures.list()).keys()]).toEqual(["c"]);
});

it("put(failure) says in one line that the folder cannot be written", async () => {
  const failures = openFailures(temporaryFolder());
  await failures.put(sample("a"));
  const put = whileUnwritable(failures.folder, () => failures.put(sample("b")));
  await expect(put).rejects.toThrow(`cannot write to ${failures.folder}: `);
});
