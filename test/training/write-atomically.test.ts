import {mkdirSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {writeAtomically} from "../../src/training/write-atomically.js";
import {temporaryFolder} from "../support/temporary-folder.js";

it("writeAtomically(file, write) makes the folder and replaces the file", async () => {
  const file = join(temporaryFolder(), "new/folder/file.txt");
  await writeAtomically(file, (handle) => handle.writeFile("first, and longer"));
  await writeAtomically(file, (handle) => handle.writeFile("second"));
  expect(readFileSync(file, "utf8")).toBe("second");
});

it("writeAtomically(file, write) shows the old content until the new one is whole", async () => {
  const file = join(temporaryFolder(), "file.txt");
  await writeAtomically(file, (handle) => handle.writeFile("old"));
  await writeAtomically(file, async (handle) => {
    await handle.writeFile("new");
    expect(readFileSync(file, "utf8")).toBe("old");
  });
  expect(readFileSync(file, "utf8")).toBe("new");
});

it("writeAtomically(file, write) leaves nothing behind when writing or renaming fails", async () => {
  const folder = temporaryFolder();
  const broken = writeAtomically(join(folder, "file.txt"), async (handle) => {
    await handle.writeFile("half");
    throw new Error("no more");
  });
  await expect(broken).rejects.toThrow("no more");
  expect(readdirSync(folder)).toEqual([]);

  mkdirSync(join(folder, "occupied"));
  await expect(writeAtomically(join(folder, "occupied"), async () => {})).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["occupied"]);
});
