import {basename, dirname} from "node:path";
import {expect, it} from "vitest";
import {isLeftBehind, isTemporary, temporaryFile} from "../../src/training/temporary-file.js";
import {deadProcess} from "../support/dead-process.js";

const day = 24 * 60 * 60 * 1000;
const name = () => basename(temporaryFile("/folder/a file.json"));
const uuid = "0b8f4c5e-1c1d-4d3f-9a59-2f6a1f0e7c11";

it("temporaryFile(file) is a hidden name beside the file, another one each time", () => {
  expect(dirname(temporaryFile("/folder/a file.json"))).toBe("/folder");
  expect(name()).toMatch(/^\.a file\.json\..*\.tmp$/);
  expect(name()).not.toBe(name());
});

it("isTemporary(name) knows these names, of this version and the one before, and no others", () => {
  for (const known of [name(), `.one.json.${uuid}.tmp`]) expect(isTemporary(known)).toBe(true);
  for (const other of ["one.json", ".index", "a.tmp", `one.json.${uuid}.tmp`, `.one.${uuid}.tmp.old`]) {
    expect(isTemporary(other)).toBe(false);
  }
});

it("isLeftBehind(name) asks whether the process lives, whatever the file's age", () => {
  const dead = name().replace(`.${process.pid}.`, `.${deadProcess()}.`);
  expect(isLeftBehind(name(), 0)).toBe(false);
  expect(isLeftBehind(dead, Date.now())).toBe(true);
});

it.each([
  ["on another computer", `.one.json.elsewhere.1.${uuid}.tmp`],
  ["that is not named", `.one.json.${uuid}.tmp`],
])("isLeftBehind(name) gives a process %s a day", (_, other) => {
  expect(isLeftBehind(other, Date.now() - day / 2)).toBe(false);
  expect(isLeftBehind(other, Date.now() - 2 * day)).toBe(true);
});
