import {readdirSync} from "node:fs";
import {join} from "node:path";
import {build} from "esbuild";
import {expect, it} from "vitest";
import {datasets} from "../../loaders/datasets.js";
import {madeFiles} from "../../loaders/made-files.js";
import {publishedNames} from "../../src/sweeps/published-sweep.js";
import type {Output} from "../../tools/site/outputs.js";
import {projectRoot} from "../../tools/site/project.js";
import {fromAllSweeps, siteOutputs} from "../../tools/site/site-outputs.js";

const computed = "loaders/signal-to-noise.arrow";
const keysOf = (outputs: readonly Output[]) => Object.fromEntries(outputs.map(({path, key}) => [path, key]));

/** Those without overrides, which every test looks at. */
const usual = siteOutputs([]);

it("siteOutputs(overrides) are the files of all loaders, whether made from runs or not", async () => {
  const paths = (await usual).map(({path}) => path);
  const loaders = readdirSync(join(projectRoot, "loaders")).filter((name) => name.split(".").length === 3);
  expect(paths.sort()).toEqual(
    [
      ...loaders.map((name) => `loaders/${name.replace(/\.ts$/, "")}`),
      ...publishedNames().map((name) => `loaders/sweeps/${name}.arrow`),
      ...Object.keys(madeFiles),
    ].sort(),
  );
  expect(Object.keys(datasets)).not.toContain("signal-to-noise.arrow");
  expect(paths).toContain(computed);
});

it("siteOutputs(overrides) gives the same keys while nothing changes", async () => {
  expect(keysOf(await siteOutputs([]))).toEqual(keysOf(await usual));
});

it("siteOutputs(overrides) changes the keys of what is made from the overridden runs, and no others", async () => {
  const [before, after] = [keysOf(await usual), keysOf(await siteOutputs(["variance.width=16"]))];
  const changed = Object.keys(before).filter((path) => after[path] !== before[path]);
  expect(changed).toContain("loaders/variance.arrow");
  expect(changed).toContain("charts/variance.svg");
  expect(changed).not.toContain("loaders/tab.json");
  expect(changed).not.toContain(computed);
});

it("fromAllSweeps names every loader that reads published sweeps by itself", async () => {
  const loaders = readdirSync(join(projectRoot, "loaders")).filter((name) => name.split(".").length === 3);
  const {metafile} = await build({
    absWorkingDir: projectRoot,
    entryPoints: loaders.map((name) => `loaders/${name}`),
    ...{bundle: true, format: "esm", platform: "node", packages: "external", outdir: ".", write: false},
    metafile: true,
  });
  const readers = Object.values(metafile.outputs)
    .filter(({inputs}) => "loaders/sweep-records.ts" in inputs)
    .map(({entryPoint}) => entryPoint!.slice("loaders/".length, -".ts".length))
    .filter((name) => !Object.hasOwn(datasets, name));
  expect(readers).toContain("gradient-law.json");
  expect(fromAllSweeps).toEqual(expect.arrayContaining(readers));
});
