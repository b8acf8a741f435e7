import {resolve} from "node:path";
import {overridesVariable} from "../../loaders/dataset.js";
import {buildSite} from "../../tools/site/build-site.js";
import {devSite} from "../../tools/site/dev-site.js";
import {touchLoaders} from "../../tools/site/outputs.js";
import {projectRoot} from "../../tools/site/project.js";
import {refreshDatasets} from "../../tools/site/refresh-datasets.js";
import {runLoaders} from "../../tools/site/run-loaders.js";
import {siteOutputs} from "../../tools/site/site-outputs.js";
import {openRunStore, type RunStore} from "../sweeps/run-store.js";
import {interruptible} from "./interruption.js";
import {progressDisplay} from "./progress-display.js";

export interface SiteOptions {
  /** Overrides such as `variance.width=192`. */
  readonly set: readonly string[];
}

export interface DevOptions extends SiteOptions {
  readonly port?: number;
  readonly host: string;
  readonly open: boolean;
}

/** Shows the site until interrupted. */
export async function showSite({set, port, host, open}: DevOptions): Promise<void> {
  const refresh = [process.argv[1], "site", "refresh", ...set.flatMap((text) => ["--set", text])];
  const env = loaderEnvironment(set, openRunStore());
  await devSite({port, host, open, refresh, env, outputs: () => siteOutputs(set)});
}

/** Writes the site to `dist`. */
export async function writeSite({set}: SiteOptions): Promise<void> {
  const store = openRunStore();
  const env = loaderEnvironment(set, store);
  const {outputs} = await refresh(set, store);
  await runLoaders(outputs, {env});
  await buildSite({env});
}

/** Computes what the site's data lack, and makes a running preview take it up. */
export async function refreshSite({set}: SiteOptions): Promise<void> {
  const {stale} = await refresh(set, openRunStore());
  touchLoaders(stale, projectRoot);
}

async function refresh(overrides: readonly string[], store: RunStore) {
  const {onProgress, onDownload, finish} = progressDisplay();
  try {
    return await interruptible((signal) =>
      refreshDatasets({overrides, store, signal, onProgress, corpora: {onDownload}}),
    );
  } finally {
    finish();
  }
}

/** What the loaders have to know; they run in processes that Framework starts. */
const loaderEnvironment = (set: readonly string[], store: RunStore): NodeJS.ProcessEnv => ({
  [overridesVariable]: JSON.stringify(set),
  BITSCAPE_STORE: resolve(store.folder),
});
