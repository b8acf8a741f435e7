import {afterAll, beforeAll} from "vitest";
import {serve} from "../../tools/site/serve.js";
import {describeInBrowser, type OpenOptions, type OpenPage, openPage} from "./browser.js";
import {buildTimeout, builtSite} from "./built-site.js";

/** Opens the page in a fresh profile, with a query if one is given. */
type Open = (query?: string, options?: OpenOptions) => Promise<OpenPage>;

/** Tests of a page of the built site, by its path; they get a function that opens it. */
export function describePage(name: string, path: string, define: (open: Open) => void): void {
  describeInBrowser(name, (browser) => {
    let site: Awaited<ReturnType<typeof serve>>;

    beforeAll(async () => {
      site = await serve(await builtSite());
    }, buildTimeout);

    afterAll(() => site?.close());

    define((query = "", options = {}) => openPage(browser(), `${site.url}${path}${query}`, options));
  });
}
