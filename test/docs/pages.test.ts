import type {BrowserContextOptions, Page} from "playwright-core";
import {afterAll, beforeAll, expect, it} from "vitest";
import {serve} from "../../tools/site/serve.js";
import {filesBelow} from "../../tools/site/source-files.js";
import {
  axeViolations,
  describeInBrowser,
  layoutShift,
  openPage,
  phone,
  settled,
  textsOutside,
} from "./browser.js";
import {buildTimeout, builtSite} from "./built-site.js";

/** For tests that open every page. */
const allPages = {timeout: 20 * 60_000};

describeInBrowser("every page", (browser) => {
  let folder: string;
  let site: Awaited<ReturnType<typeof serve>>;
  let pages: string[];

  beforeAll(async () => {
    folder = await builtSite();
    site = await serve(folder);
    pages = filesBelow(folder, [".html"]).map((file) =>
      file.slice(folder.length + 1).replace(/(index)?\.html$/, ""),
    );
  }, buildTimeout);

  afterAll(() => site?.close());

  // Each way to look at a page is opened once, by the first test that asks for it.
  const onDesk = visits({colorScheme: "light"}, async (page) => {
    const shift = await layoutShift(page);
    const emptyFigures = await page.$$eval("main figure", (figures) =>
      figures
        .filter((figure) => !figure.querySelector("svg :is(path, circle, rect, line)"))
        .map(({id}) => id || "?"),
    );
    const outside = await textsOutside(page);
    const light = await axeViolations(page);
    await page.emulateMedia({colorScheme: "dark"});
    await settled(page);
    return {shift, emptyFigures, outside, violations: {light, dark: await axeViolations(page)}};
  });
  const onPhone = visits({colorScheme: "light", ...phone}, async (page) => ({
    shift: await layoutShift(page),
    outside: await textsOutside(page),
    wide: await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ),
    viewport: await page.getAttribute("meta[name=viewport]", "content"),
    violations: await axeViolations(page),
  }));

  /** Opens every page and keeps what is seen of it, and what went wrong. */
  function visits<Seen>(options: BrowserContextOptions, look: (page: Page) => Promise<Seen>) {
    let visited: Promise<(Seen & {path: string; problems: readonly string[]})[]> | undefined;
    const visitAll = async () => {
      const seen = [];
      for (const path of pages) {
        const {page, problems, close} = await openPage(browser(), site.url + path, options);
        seen.push({...(await look(page)), path, problems});
        await close();
      }
      return seen;
    };
    return () => {
      visited ??= visitAll();
      return visited;
    };
  }

  it("opens without an error, a failed request or a request to another origin", allPages, async () => {
    expect(pages).toContain("");
    for (const {path, problems} of await onDesk()) expect(problems, path).toEqual([]);
  });

  it("draws marks in each of its figures", allPages, async () => {
    for (const {path, emptyFigures} of await onDesk()) expect(emptyFigures, path).toEqual([]);
  });

  it.each(["light", "dark"] as const)("gives axe nothing to object to, %s", allPages, async (scheme) => {
    for (const {path, violations} of await onDesk()) expect(violations[scheme], path).toEqual([]);
  });

  it("gives axe nothing to object to, on a phone", allPages, async () => {
    for (const {path, violations} of await onPhone()) expect(violations, path).toEqual([]);
  });

  it("fits a phone without scrolling sideways, and can be zoomed", allPages, async () => {
    for (const {path, wide, viewport} of await onPhone()) {
      expect(wide, path).toBe(0);
      expect(viewport).not.toMatch(/maximum-scale|user-scalable/);
    }
  });

  it.each([
    ["a desk", onDesk],
    ["a phone", onPhone],
  ])("hardly moves while it loads, on %s", allPages, async (_, visited) => {
    // Up to 0.1 is good by the Web Vitals.
    for (const {path, shift} of await visited()) expect(shift, path).toBeLessThan(0.1);
  });

  it.each([
    ["a desk", onDesk],
    ["a phone", onPhone],
  ])("keeps the texts of its charts inside of them, on %s", allPages, async (_, visited) => {
    for (const {path, outside} of await visited()) expect(outside, path).toEqual([]);
  });

  it("works below a base path", allPages, async () => {
    const below = await serve(folder, {base: "/some/project/"});
    for (const path of pages) {
      const {problems, close} = await openPage(browser(), below.url + path);
      expect(problems, path).toEqual([]);
      await close();
    }
    await below.close();
  });

  it("opens and closes the list of pages by keyboard, on a phone and beside the page", async () => {
    for (const viewport of [phone.viewport, {width: 1280, height: 800}]) {
      const {page, close} = await openPage(browser(), `${site.url}unit-scaling`, {viewport});
      const isOpen = () => page.locator("#observablehq-sidebar").isVisible();
      const textStart = () => page.locator("h1").evaluate((heading) => heading.getBoundingClientRect().left);
      const before = {isOpen: await isOpen(), textStart: await textStart()};
      expect(before.isOpen).toBe(viewport.width > 1000);
      await page.getByRole("checkbox", {name: "list of pages"}).focus();
      await page.keyboard.press("Space");
      await expect.poll(isOpen).toBe(!before.isOpen);
      if (before.isOpen) await expect.poll(textStart).toBeLessThan(before.textStart);
      else await page.getByRole("link", {name: "Bitscape", exact: true}).click();
      await close();
    }
  });

  it("finds its text by searching", async () => {
    const {page, problems, close} = await openPage(browser(), site.url);
    await page.fill("#observablehq-search input", "unit");
    await page.waitForSelector("#observablehq-search-results li a");
    expect(problems).toEqual([]);
    await close();
  });
});
