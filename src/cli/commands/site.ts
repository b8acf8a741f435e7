import {resolve} from "node:path";
import type {Command} from "commander";
import {overridesVariable} from "../../../loaders/dataset.js";
import {buildSite} from "../../../tools/site/build-site.js";
import {devSite} from "../../../tools/site/dev-site.js";
import {touchLoaders} from "../../../tools/site/outputs.js";
import {projectRoot} from "../../../tools/site/project.js";
import {refreshDatasets} from "../../../tools/site/refresh-datasets.js";
import {openRunStore, type RunStore} from "../../sweeps/run-store.js";

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
  const site = program.command("site").description("show or build the site");

  command(site, "dev", "show the site and follow changes of pages, settings and engine")
    .option("--port <number>", "port to listen on (default: the first that is free from 3000)", Number)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--no-open", "do not open the browser")
    .action(async ({set, port, host, open}: DevOptions) => {
      const refresh = [process.argv[1], "site", "refresh", ...set.flatMap((text) => ["--set", text])];
      await devSite({port, host, open, refresh, env: loaderEnvironment(set, openRunStore())});
    });

  command(site, "build", "write the site to dist").action(async ({set}: SiteOptions) => {
    const store = openRunStore();
    await refreshDatasets({overrides: set, store});
    await buildSite({env: loaderEnvironment(set, store)});
  });

  command(site, "refresh", "compute what the site's datasets lack, as dev and build do").action(
    async ({set}: SiteOptions) => {
      touchLoaders(await refreshDatasets({overrides: set, store: openRunStore()}), projectRoot);
    },
  );
}

const command = (site: Command, name: string, description: string): Command =>
  site
    .command(name)
    .description(description)
    .option("--set <key=value>", "replace a setting, as in variance.width=192 (repeatable)", collect, []);

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

/** What the loaders have to know; they run in processes that Framework starts. */
const loaderEnvironment = (set: readonly string[], store: RunStore): NodeJS.ProcessEnv => ({
  [overridesVariable]: JSON.stringify(set),
  BITSCAPE_STORE: resolve(store.folder),
});
