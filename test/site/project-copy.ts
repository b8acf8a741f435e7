import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import {projectRoot} from "../../tools/site/project.js";
import {filesBelow} from "../../tools/site/source-files.js";

const parts = ["src", "loaders", "docs", "tools", "data", "build", "package.json", "package-lock.json"];
const configuration = ["tsconfig.json", "observablehq.config.ts"];

/** Settings whose runs take a moment. */
const tiny = `layers: 1
width: 16
heads: 2
context: 16
batch: 2
steps: 2
warmup: 1
evaluationBatches: 1
`;
const tinyVariance = `${tiny}scheme: [standard, unit]\nrecipe: [fp32, fp8, fp8-scaled]\nprobe: true\n`;

/** A copy of this project in a temporary folder, without its results and with few and tiny runs; gone after the test. */
export function projectCopy(): string {
  const root = mkdtempSync(join(tmpdir(), "bitscape-copy-"));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  for (const part of [...parts, ...configuration]) {
    if (!existsSync(join(projectRoot, part))) continue;
    const filter = (source: string) => !source.endsWith(".observablehq");
    cpSync(join(projectRoot, part), join(root, part), {recursive: true, verbatimSymlinks: true, filter});
  }
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "data/settings/variance.yaml"), tinyVariance);
  writeFileSync(join(root, "data/settings/tab.yaml"), `${tiny}scheme: unit\nrecipe: fp8\n`);
  writeFileSync(join(root, "data/settings/lab.yaml"), `${tiny}scheme: [standard, unit]\nrecipe: bf16\n`);
  for (const file of filesBelow(join(root, "data/settings"), [".yaml"])) {
    writeFileSync(file, readFileSync(file, "utf8").replace(/^quick:[\s\S]*/m, "")); // at the end of each file
  }
  return root;
}
