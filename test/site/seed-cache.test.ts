import {existsSync, mkdirSync, readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {seedCache} from "../../tools/site/seed-cache.js";
import {temporaryProject} from "./temporary-project.js";

const cacheOf = (root: string): string => join(root, "docs/.observablehq/cache/_npm");

it("seedCache writes the installed packages as modules that import each other by relative path", async () => {
  const root = temporaryProject({"docs/index.md": ""});
  await seedCache({root});
  const cache = cacheOf(root);
  const [d3] = readdirSync(cache).filter((name) => name.startsWith("d3@"));
  const {version} = JSON.parse(readFileSync(join(root, "node_modules/d3/package.json"), "utf8"));
  expect(d3).toBe(`d3@${version}`);
  const imports = [...readFileSync(join(cache, d3, "_esm.js"), "utf8").matchAll(/from"([^"]+)"/g)];
  expect(imports.length).toBeGreaterThan(20);
  for (const [, path] of imports) expect(existsSync(join(cache, d3, path)), path).toBe(true);
});

it("seedCache adds what pages import, with modules and files inside of packages", async () => {
  const root = temporaryProject({
    "docs/index.md":
      '```js\nimport "npm:katex/contrib/mhchem";\nimport "npm:katex/dist/katex.min.css";\n```\n',
    "docs/components/a.ts": 'import * as Arrow from "npm:apache-arrow@21";',
  });
  await seedCache({root});
  const files = readdirSync(cacheOf(root), {recursive: true}).map(String);
  expect(files).toContainEqual(expect.stringMatching(/^apache-arrow@[\d.]+\/_esm\.js$/));
  expect(files).toContainEqual(expect.stringMatching(/^katex@[\d.]+\/dist\/katex\.min\.css$/));
  expect(files).toContainEqual(expect.stringMatching(/^katex@[\d.]+\/contrib\/mhchem\._esm\.js$/));
});

it("seedCache clears what a failed download left, and then leaves the cache alone", async () => {
  const root = temporaryProject({"docs/index.md": ""});
  const leftover = join(cacheOf(root), "htl@9.9.9");
  mkdirSync(leftover, {recursive: true});
  await seedCache({root});
  expect(existsSync(leftover)).toBe(false);
  const written = statSync(cacheOf(root)).ctimeMs;
  await seedCache({root});
  expect(statSync(cacheOf(root)).ctimeMs).toBe(written);
});
