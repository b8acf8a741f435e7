import {readdirSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {datasets} from "../../loaders/datasets.js";
import {madeFiles} from "../../loaders/made-files.js";
import {publishedNames} from "../../src/sweeps/published-sweep.js";
import {projectRoot} from "../../tools/site/project.js";
import {siteOutputs} from "../../tools/site/site-outputs.js";

const computed = "loaders/signal-to-noise.arrow";
const keysOf = async (overrides: readonly string[] = []) =>
  Object.fromEntries((await siteOutputs(overrides)).map(({path, key}) => [path, key]));

it("siteOutputs(overrides) are the files of all loaders, whether made from runs or not", async () => {
  const paths = (await siteOutputs([])).map(({path}) => path);
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
  expect(await keysOf()).toEqual(await keysOf());
});

it("siteOutputs(overrides) changes the keys of what is made from the overridden runs, and no others", async () => {
  const [before, after] = [await keysOf(), await keysOf(["variance.width=16"])];
  const changed = Object.keys(before).filter((path) => after[path] !== before[path]);
  expect(changed).toContain("loaders/variance.arrow");
  expect(changed).toContain("charts/variance.svg");
  expect(changed).not.toContain("loaders/tab.json");
  expect(changed).not.toContain(computed);
});
