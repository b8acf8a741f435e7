import {execFile} from "node:child_process";
import {readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {promisify} from "node:util";
import {expect, it, vi} from "vitest";
import {filesBelow} from "../../tools/site/source-files.js";
import {projectCopy} from "./project-copy.js";

// Three builds, each of a minute, and many times that on a busy machine.
vi.setConfig({testTimeout: 1_200_000});

/** Pages that runs of the copy's settings go into; the others would take most of the time, and are built elsewhere. */
const builtPages = ["index", "unit-scaling", "lab"];

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesBelow(folder).map((file) => [file.slice(folder.length), readFileSync(file, "base64")]),
  );
const dates = (folder: string): Record<string, number> =>
  Object.fromEntries(
    filesBelow(folder).map((file) => [file.slice(folder.length + 1), statSync(file).mtimeMs]),
  );

const pagesOf = (root: string): string[] =>
  readdirSync(join(root, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(root, "docs", file));

it("bitscape site build computes only what the settings ask for and is not there yet", async () => {
  const root = projectCopy();
  for (const page of pagesOf(root)) {
    if (!builtPages.includes(basename(page, ".md"))) writeFileSync(page, "# A page\n");
  }
  const store = join(root, "runs");
  const build = async (...options: string[]) => {
    const env = {...process.env, BITSCAPE_STORE: store};
    const {stderr} = await promisify(execFile)(
      process.execPath,
      ["src/cli/bitscape.js", "site", "build", ...options],
      {
        cwd: root,
        env,
      },
    );
    const cache = join(root, "docs/.observablehq/cache");
    const cached = {...dates(join(cache, "loaders")), ...dates(join(cache, "worker"))};
    const records = Object.entries(dates(store)).filter(([file]) => file.endsWith(".json"));
    return {site: contents(join(root, "dist")), runs: Object.fromEntries(records), cached, log: stderr};
  };

  const first = await build();
  expect(Object.keys(first.runs)).toHaveLength(2 * 3 + 1 + 2);
  rmSync(join(root, "docs/.observablehq/cache/loaders/lab.json")); // as a build that is interrupted leaves it
  const again = await build();
  expect(again.runs).toEqual(first.runs);
  expect(again.log).toContain("computing the data of the pages\n");
  expect(again.cached).toEqual({...first.cached, "lab.json": expect.any(Number)});
  expect(again.site).toEqual(first.site);

  const other = await build("--set", "variance.width=8");
  expect(other.runs).toMatchObject(first.runs);
  expect(Object.keys(other.runs)).toHaveLength(2 * (2 * 3) + 1 + 2);
  const changed = Object.keys(again.cached).filter((name) => other.cached[name] !== again.cached[name]);
  expect(changed.sort()).toEqual(["drift.arrow", "losses.arrow", "runs.json", "variance.arrow"]);
});
