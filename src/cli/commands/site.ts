import type {Command} from "commander";
import {usageError} from "../../errors.js";
import {addSetOption} from "../set-option.js";

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
    .action(async (options) => (await import("../site.js")).showSite(options));
  command("build", "write the site to dist").action(async (options) =>
    (await import("../site.js")).writeSite(options),
  );
  command("refresh", "compute what the site's data lack, as dev and build do first").action(async (options) =>
    (await import("../site.js")).refreshSite(options),
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw usageError(`--port ${text}: expected a whole number from 1 to 65535`);
}
