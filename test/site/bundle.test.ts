import {mkdirSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {bundleForBrowser, importComponent, sourceHash} from "../../tools/site/bundle.js";
import {projectRoot} from "../../tools/site/project.js";

let folders = 0;

/** Files inside the project, where the installed packages are found. */
function moduleFiles(files: Record<string, string>): string {
  const folder = join(projectRoot, `build/test-bundle-${process.pid}-${folders++}`);
  mkdirSync(folder, {recursive: true});
  onTestFinished(() => rmSync(folder, {recursive: true}));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const component = {
  "chart.ts":
    'import {max} from "npm:d3-array";\nimport {twice} from "./twice.js";\nexport const top = (values: number[]) => twice(max(values)!);',
  "twice.ts": "export const twice = (x: number): number => 2 * x;",
};

it("importComponent(file) runs a component of the pages in Node", async () => {
  const folder = moduleFiles(component);
  const {top} = await importComponent<{top(values: number[]): number}>(join(folder, "chart.ts"));
  expect(top([3, 1, 2])).toBe(6);
});

it("bundleForBrowser(file) gives one module with packages and defined names inside", async () => {
  const folder = moduleFiles({
    ...component,
    "embed.ts": 'import {top} from "./chart.js";\ndeclare const rows: number[];\nexport default top(rows);',
  });
  const code = await bundleForBrowser(join(folder, "embed.ts"), {define: {rows: "[1, 5]"}});
  expect(code).not.toMatch(/^import\b/m);
  const {default: value} = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  expect(value).toBe(10);
});

it("sourceHash(file) changes with what the module and its imports do, and not with comments or types", async () => {
  const hash = (files: Record<string, string>) =>
    sourceHash(join(moduleFiles({...component, ...files}), "chart.ts"));
  const original = await hash({});
  const commented = await hash({"twice.ts": "// Two times.\nexport const twice = (x: any) => 2 * x;"});
  const changed = await hash({"twice.ts": "export const twice = (x: number): number => 3 * x;"});
  expect(commented).toBe(original);
  expect(changed).not.toBe(original);
});
