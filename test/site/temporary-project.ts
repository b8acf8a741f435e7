import {copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {onTestFinished} from "vitest";
import {projectRoot} from "../../tools/site/project.js";

const configuration = `export default {
  root: "docs",
  globalStylesheets: [],
  footer: "",
  search: true,
};
`;

/** A project in a temporary folder with the given files and the packages of this one; it is gone after the test. */
export function temporaryProject(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "bitscape-site-"));
  onTestFinished(() => rmSync(root, {recursive: true}));
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  for (const name of ["package.json", "package-lock.json"])
    copyFileSync(join(projectRoot, name), join(root, name));
  for (const [name, content] of Object.entries({"observablehq.config.ts": configuration, ...files})) {
    mkdirSync(dirname(join(root, name)), {recursive: true});
    writeFileSync(join(root, name), content);
  }
  return root;
}
