import {existsSync, statSync, utimesSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {invalidate, outputKey, staleOutputs, touchLoaders} from "../../tools/site/outputs.js";
import {temporaryProject} from "./temporary-project.js";

const cache = "docs/.observablehq/cache/loaders";
const project = () =>
  temporaryProject({[`${cache}/a.json`]: "1", [`${cache}/b.json`]: "2", "loaders/a.json.ts": ""});
const output = (name: string, key: string) => ({path: `loaders/${name}`, loader: `loaders/${name}.ts`, key});
const paths = (outputs: readonly {path: string}[]) => outputs.map(({path}) => path);

it("staleOutputs are all of them until keys are recorded, then those whose key differs", () => {
  const root = project();
  const first = [output("a.json", "1"), output("b.json", "1")];
  expect(paths(staleOutputs(first, root))).toEqual(["loaders/a.json", "loaders/b.json"]);
  invalidate(first, root);
  expect(staleOutputs(first, root)).toEqual([]);
  expect(paths(staleOutputs([output("a.json", "1"), output("b.json", "2")], root))).toEqual([
    "loaders/b.json",
  ]);
});

it("invalidate removes exactly the cached files of the given outputs and keeps the other keys", () => {
  const root = project();
  invalidate([output("a.json", "1"), output("b.json", "1")].slice(0, 1), root);
  expect(existsSync(join(root, cache, "a.json"))).toBe(false);
  expect(existsSync(join(root, cache, "b.json"))).toBe(true);
  invalidate([output("b.json", "1")], root);
  expect(staleOutputs([output("a.json", "1"), output("b.json", "1")], root)).toEqual([]);
});

it("touchLoaders makes the loaders new, which is what a preview watches", () => {
  const root = project();
  const loader = join(root, "loaders/a.json.ts");
  utimesSync(loader, 1e9, 1e9);
  touchLoaders([output("a.json", "1")], root);
  expect(Date.now() - statSync(loader).mtimeMs).toBeLessThan(60_000);
});

it("outputKey differs with every part and with their borders", () => {
  const keys = [outputKey("a", "b"), outputKey("ab"), outputKey("a", ["b"]), outputKey("b", "a")];
  expect(new Set(keys).size).toBe(keys.length);
});
