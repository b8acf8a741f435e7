import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {failure} from "../../src/errors.js";
import {finishHtml} from "./finish-html.js";
import {runFramework} from "./framework.js";
import {buildFailure, buildWarnings} from "./framework-log.js";
import {projectRoot} from "./project.js";
import {scanSite} from "./scan-site.js";
import {seedCache} from "./seed-cache.js";
import {filesBelow} from "./source-files.js";

interface BuildOptions {
  readonly root?: string;
  /** Environment of the loaders. */
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
}

/** Builds the site of a project into its dist folder, without the network; throws unless every page is sound. */
export async function buildSite({
  root = projectRoot,
  env,
  log = console.error,
}: BuildOptions = {}): Promise<void> {
  const output = join(root, "dist");
  await seedCache({root, log});
  log("building the pages");
  const framework = await runFramework(["build"], {root, env});
  if (framework.code !== 0) throw failure(`the site was not built: ${buildFailure(framework.log)}`);
  for (const page of filesBelow(output, [".html"]))
    writeFileSync(page, finishHtml(readFileSync(page, "utf8")));
  const findings = [...buildWarnings(framework.log), ...(await scanSite(output))];
  for (const finding of findings) log(finding);
  if (findings.length > 0)
    throw failure(`the site has ${findings.length} error${findings.length > 1 ? "s" : ""}`);
}
