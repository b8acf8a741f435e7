import {readFileSync} from "node:fs";
import {join} from "node:path";
import {JSDOM} from "jsdom";
import type {Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, expect, it} from "vitest";
import {serve} from "../../tools/site/serve.js";
import {describeInBrowser, type OpenPage, openPage, settled} from "./browser.js";
import {buildTimeout, builtSite} from "./built-site.js";

describeInBrowser("the page on unit scaling", (browser) => {
  let folder: string;
  let site: Awaited<ReturnType<typeof serve>>;
  let opened: OpenPage;

  beforeAll(async () => {
    folder = await builtSite();
    site = await serve(folder);
  }, buildTimeout);

  afterAll(() => site?.close());

  afterEach(async () => {
    expect(opened.problems).toEqual([]);
    await opened.close();
  });

  async function open(query = "", options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
    opened = await openPage(browser(), `${site.url}unit-scaling${query}`, options);
    return opened.page;
  }

  const chart = (page: Page, figure: string) => page.locator(`#${figure} .chart-canvas svg`).innerHTML();
  const state = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
  const radio = (page: Page, figure: string, value: string) =>
    page.locator(`#${figure} input[value="${value}"]`);

  it("shows each figure in the state that the text describes, with a plain address", async () => {
    const page = await open();
    for (const figure of ["spread", "histogram", "loss", "tab"]) {
      expect(await page.locator(`#${figure} svg :is(path, circle, rect)`).count(), figure).toBeGreaterThan(0);
    }
    expect(state(page)).toEqual({});
  });

  it("is worked by keyboard: radio buttons and slider change charts and address, which brings the same picture", async () => {
    const page = await open();
    const before = {spread: await chart(page, "spread"), histogram: await chart(page, "histogram")};
    await radio(page, "spread", "initial").focus();
    await page.keyboard.press("ArrowRight");
    expect(state(page)).toMatchObject({stage: "trained"});
    expect(await chart(page, "spread")).not.toBe(before.spread);

    await page.locator("#histogram input[type=range]").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(Object.keys(state(page))).toContain("layer");
    const after = {spread: await chart(page, "spread"), histogram: await chart(page, "histogram")};
    expect(after.histogram).not.toBe(before.histogram);

    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    expect({spread: await chart(page, "spread"), histogram: await chart(page, "histogram")}).toEqual(after);

    await page.locator("#spread button", {hasText: "Reset"}).focus();
    await page.keyboard.press("Enter");
    expect(state(page)).toEqual({});
    expect(await chart(page, "spread")).toBe(before.spread);
  });

  it("moves the same choice in every figure that has it", async () => {
    const page = await open();
    await radio(page, "spread", "fp16").check();
    expect(await radio(page, "histogram", "fp16").isChecked()).toBe(true);
  });

  it("goes through controls and links with the Tab key, each visibly focused", async () => {
    const page = await open();
    const visited = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const {name, isVisible} = await page.evaluate(() => {
        const element = document.activeElement!;
        const {outlineStyle, boxShadow} = getComputedStyle(element);
        const figure = element.closest("[id]:has(figure)")?.id ?? "";
        return {
          name: `${figure} ${element.tagName}`,
          isVisible: outlineStyle !== "none" || boxShadow !== "none",
        };
      });
      visited.add(name);
      if (name.startsWith("spread")) expect(isVisible, name).toBe(true);
    }
    expect([...visited]).toEqual(expect.arrayContaining(["spread INPUT", "spread BUTTON", "spread SUMMARY"]));
  });

  it("has the numbers of a chart in a table", async () => {
    const page = await open();
    await page.locator("#spread summary", {hasText: "Show data"}).click();
    const rows = await page.locator("#spread .chart-table tbody tr").count();
    const marks = await page.locator("#spread .chart-canvas svg circle").count();
    expect(rows).toBeGreaterThan(20);
    expect(rows).toBeGreaterThanOrEqual(marks / 2);
  });

  it("hands out the chart as an SVG file that stands alone, and as a table", async () => {
    const page = await open();
    const download = async (label: string) => {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByLabel(label).first().click(),
      ]);
      return readFileSync((await file.path())!, "utf8");
    };
    const svg = new JSDOM(await download("Download SVG"), {contentType: "image/svg+xml"}).window.document;
    expect(svg.documentElement.namespaceURI).toBe("http://www.w3.org/2000/svg");
    expect(svg.documentElement.hasAttribute("viewBox")).toBe(true);
    expect(svg.querySelector("title")?.textContent).not.toBe("");
    expect((await download("Download CSV")).split("\n").length).toBeGreaterThan(20);
  });

  it("repeats the recorded run in the tab, on the keyboard's command, and gets the same weights", async () => {
    const page = await open("", {reducedMotion: "no-preference"});
    const recorded = JSON.parse(readFileSync(join(folder, await fileOf(page, "tab.json")), "utf8"));
    await page.locator("#tab button").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("#tab .run-verdict[data-agrees]", {timeout: 120_000});
    expect(await page.locator("#tab .run-verdict").getAttribute("data-agrees")).toBe("true");
    const hashes = await page.locator("#tab .hashes code").allTextContents();
    expect(hashes).toEqual([recorded.weightHash, recorded.weightHash]);
  }, 180_000);

  /** Where a dataset lies on the site. */
  const fileOf = async (page: Page, name: string): Promise<string> =>
    new RegExp(`_file/loaders/${name.replace(".", "\\.[0-9a-f]+\\.")}`).exec(await page.content())![0];
});
