import {expect, it} from "vitest";
import {checkImports} from "../../tools/check-imports.js";
import {projectRoot} from "../../tools/site/project.js";
import {temporaryProject} from "./temporary-project.js";

const violations = (files: Record<string, string>): string[] =>
  checkImports(temporaryProject({"src/x.ts": "", "loaders/x.ts": "", "docs/x.md": "", ...files}));

it("checkImports finds nothing to object to in this project", () => {
  expect(checkImports(projectRoot)).toEqual([]);
});

it("checkImports names file, import and rule when a folder imports from one above it", () => {
  expect(violations({"src/kernels/a.ts": 'import {x} from "../nn/x.js";'})).toEqual([
    "src/kernels/a.ts imports ../nn/x.js: src/kernels may import src/formats",
  ]);
});

it.each([
  ["types", 'import type {X} from "../training/x.js";'],
  ["re-exports", 'export * from "../training/x.js";'],
  ["dynamic imports", 'const x = await import("../training/x.js");'],
  ["imports over several lines", 'import {\n  x,\n} from "../training/x.js";'],
])("checkImports sees %s", (_, source) => {
  expect(violations({"src/nn/a.ts": source})).toHaveLength(1);
});

it("checkImports keeps schemes and recipes apart, and laws alone", () => {
  const found = violations({
    "src/schemes/a.ts": 'import "../recipes/x.js"; import "../nn/x.js";',
    "src/laws/a.ts": 'import "../formats/x.js"; import "../errors.js";',
    "src/sweeps/a.ts": 'import "../laws/x.js"; import "../recipes/x.js";',
  });
  expect(found.map((line) => line.replace(/:.*/, ""))).toEqual([
    "src/laws/a.ts imports ../formats/x.js",
    "src/schemes/a.ts imports ../recipes/x.js",
    "src/sweeps/a.ts imports ../laws/x.js",
  ]);
});

it("checkImports lets pages see src through docs/src, but neither command line nor loaders", () => {
  const found = violations({
    "docs/page.md": '```js\nimport {x} from "./src/training/x.js";\nimport {y} from "./src/cli/y.js";\n```',
    "docs/components/a.ts": 'import {z} from "../loaders/z.js";\nimport * as d3 from "npm:d3";',
    "docs/charts/a.svg.ts": 'import {z} from "../../loaders/z.js";',
    "src/nn/a.ts": 'import * as d3 from "npm:d3";',
  });
  expect(found.map((line) => line.replace(/:.*/, ""))).toEqual([
    "src/nn/a.ts imports npm",
    "docs/components/a.ts imports ../loaders/z.js",
    "docs/page.md imports ./src/cli/y.js",
  ]);
});
