import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {serve} from "../../tools/site/serve.js";
import {filesBelow} from "../../tools/site/source-files.js";
import {axeViolations, describeInBrowser, openPage} from "./browser.js";
import {buildTimeout, builtSite} from "./built-site.js";

const phone = {viewport: {width: 390, height: 844}, deviceScaleFactor: 1, hasTouch: true, isMobile: true};

// Every test opens every page.
vi.setConfig({testTimeout: 300_000});

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

  it("opens without an error, a failed request or a request to another origin", async () => {
    expect(pages).toContain("");
    for (const path of pages) {
      const {problems, close} = await openPage(browser(), site.url + path);
      expect(problems, path).toEqual([]);
      await close();
    }
  });

  it("draws marks in each of its figures", async () => {
    for (const path of pages) {
      const {page, close} = await openPage(browser(), site.url + path);
      const empty = await page.$$eval("main figure", (figures) =>
        figures
          .filter((figure) => !figure.querySelector("svg :is(path, circle, rect, line)"))
          .map(({id}) => id || "?"),
      );
      expect(empty, path).toEqual([]);
      await close();
    }
  });

  it.each([
    ["light", {colorScheme: "light"}],
    ["dark", {colorScheme: "dark"}],
    ["on a phone", {colorScheme: "light", ...phone}],
  ] as const)("gives axe nothing to object to, %s", async (_, options) => {
    for (const path of pages) {
      const {page, close} = await openPage(browser(), site.url + path, options);
      expect(await axeViolations(page), path).toEqual([]);
      await close();
    }
  });

  it("fits a phone without scrolling sideways, and can be zoomed", async () => {
    for (const path of pages) {
      const {page, close} = await openPage(browser(), site.url + path, phone);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide, path).toBe(0);
      expect(await page.getAttribute("meta[name=viewport]", "content")).not.toMatch(
        /maximum-scale|user-scalable/,
      );
      await close();
    }
  });

  it("works below a base path", async () => {
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
      expect(await isOpen()).toBe(!before.isOpen);
      if (before.isOpen) expect(await textStart()).toBeLessThan(before.textStart);
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
