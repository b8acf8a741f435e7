import {resolve} from "node:path";
import type {Command} from "commander";
import {overridesVariable} from "../../../loaders/dataset.js";
import {buildSite} from "../../../tools/site/build-site.js";
import {devSite} from "../../../tools/site/dev-site.js";
import {type Output, touchLoaders} from "../../../tools/site/outputs.js";
import {projectRoot} from "../../../tools/site/project.js";
import {refreshDatasets} from "../../../tools/site/refresh-datasets.js";
import {usageError} from "../../errors.js";
import {openRunStore, type RunStore} from "../../sweeps/run-store.js";
import {interruptible} from "../interruption.js";
import {progressDisplay} from "../progress-display.js";
import {addSetOption} from "../set-option.js";

interface SiteOptions {
  readonly set: readonly string[];
}

interface DevOptions extends SiteOptions {
  readonly port?: number;
  readonly host: string;
  readonly open: boolean;
}

/** `bitscape site`: the pages, while they are worked on or built for a static host. */
export function register(program: Command): void {
  const site = program
    .command("site")
    .summary("show or build the site")
    .description("The pages with their results.");
  const command = (name: string, summary: string) =>
    addSetOption(site.command(name).description(summary), "variance.width=192");

  command("dev", "show the site, and follow changes of pages, settings and engine")
    .option("--port <number>", "port to listen on (default: the first free one from 3000)", parsePort)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--no-open", "do not open the browser")
    .action(async ({set, port, host, open}: DevOptions) => {
      const refresh = [process.argv[1], "site", "refresh", ...set.flatMap((text) => ["--set", text])];
      await devSite({port, host, open, refresh, env: loaderEnvironment(set, openRunStore())});
    });

  command("build", "write the site to dist").action(async ({set}: SiteOptions) => {
    const store = openRunStore();
    await refresh(set, store);
    await buildSite({env: loaderEnvironment(set, store)});
  });

  command("refresh", "compute what the site's data lack, as dev and build do first").action(
    async ({set}: SiteOptions) => touchLoaders(await refresh(set, openRunStore()), projectRoot),
  );
}

async function refresh(overrides: readonly string[], store: RunStore): Promise<readonly Output[]> {
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

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw usageError(`--port ${text}: expected a whole number from 1 to 65535`);
}
