import {execFile} from "node:child_process";
import {readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {promisify} from "node:util";
import {expect, it, vi} from "vitest";
import {filesBelow} from "../../tools/site/source-files.js";
import {projectCopy} from "./project-copy.js";

vi.setConfig({testTimeout: 600_000});

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesBelow(folder).map((file) => [file.slice(folder.length), readFileSync(file, "base64")]),
  );
const dates = (folder: string): Record<string, number> =>
  Object.fromEntries(
    filesBelow(folder).map((file) => [file.slice(folder.length + 1), statSync(file).mtimeMs]),
  );

it("bitscape site build computes only what the settings ask for and is not there yet", async () => {
  const root = projectCopy();
  const store = join(root, "runs");
  const build = async (...options: string[]) => {
    const env = {...process.env, BITSCAPE_STORE: store};
    await promisify(execFile)(process.execPath, ["src/cli/bitscape.js", "site", "build", ...options], {
      cwd: root,
      env,
    });
    const cache = join(root, "docs/.observablehq/cache");
    const cached = {...dates(join(cache, "loaders")), ...dates(join(cache, "worker"))};
    return {site: contents(join(root, "dist")), runs: dates(store), cached};
  };

  const first = await build();
  expect(Object.keys(first.runs)).toHaveLength(2 * 3 + 1 + 2);
  const again = await build();
  expect(again.runs).toEqual(first.runs);
  expect(again.cached).toEqual(first.cached);
  expect(again.site).toEqual(first.site);

  const other = await build("--set", "variance.width=8");
  expect(other.runs).toMatchObject(first.runs);
  expect(Object.keys(other.runs)).toHaveLength(2 * (2 * 3) + 1 + 2);
  const changed = Object.keys(first.cached).filter((name) => other.cached[name] !== first.cached[name]);
  expect(changed.sort()).toEqual(["drift.arrow", "losses.arrow", "runs.json", "variance.arrow"]);
});
