import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {readDeclarations} from "../../../src/training/corpora/declarations.js";
import {temporaryFolder} from "../../support/temporary-folder.js";

function declared(yaml: string): {file: string; read: () => unknown} {
  const folder = temporaryFolder();
  const file = join(folder, "tongue.yaml");
  writeFileSync(file, yaml);
  return {file, read: () => readDeclarations(folder)};
}

it("readDeclarations() finds the corpora of the project", () => {
  const declarations = readDeclarations();
  expect([...declarations.keys()]).toEqual(["lexicon", "markov", "shakespeare"]);
  expect(declarations.get("shakespeare")).toMatchObject({kind: "text", bytes: 1_115_394});
});

it("readDeclarations() names a corpus after its file", () => {
  const {read} = declared("kind: markov\nwords: 4\nsuccessors: 2\nexponent: 1\nseed: 1\n");
  const tongue = {kind: "markov", name: "tongue", words: 4, successors: 2, exponent: 1, seed: 1};
  expect(read()).toEqual(new Map([["tongue", tongue]]));
});

it.each([
  ["a wrong value", "kind: markov\nwords: 4\nsuccessors: 3\nexponent: 1\nseed: 1\n", "3: successors: "],
  ["an unknown key", "kind: markov\nwords: 4\nsuccessors: 2\nexponent: 1\nseed: 1\ntone: 3\n", "tone"],
  ["an unknown kind", "kind: dream\n", "1: kind: "],
])("readDeclarations() names the file and %s", (_, yaml, problem) => {
  const {file, read} = declared(yaml);
  expect(read).toThrow(file);
  expect(read).toThrow(problem);
});
