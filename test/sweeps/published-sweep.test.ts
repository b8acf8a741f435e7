import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {publishedNames, publishedSweepFile, readPublishedSweep} from "../../src/sweeps/published-sweep.js";
import {temporaryFolder} from "../support/temporary-folder.js";

it("every published sweep says what it is and what it cost", () => {
  expect(publishedNames()).toContain("transfer");
  for (const name of publishedNames()) expect(readPublishedSweep(name).name).toBe(name);
});

it("there are no published sweeps in a folder that is missing", () => {
  expect(publishedNames(join(temporaryFolder(), "nothing"))).toEqual([]);
});

it.each([
  ["is no JSON", "{", /^cannot read .*one\.json: /],
  ["lacks a part", '{"name": "one"}', /one\.json: command: /],
])("a file of a published sweep that %s is named in one line", (_, text, message) => {
  const folder = join(temporaryFolder(), "sweeps");
  mkdirSync(folder);
  writeFileSync(publishedSweepFile("one", folder), text);
  expect(() => readPublishedSweep("one", folder)).toThrow(message);
});
