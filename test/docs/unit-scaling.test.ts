import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {addressParameters, addressQuery, layoutShift, phone, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on unit scaling", "unit-scaling", (open) => {
  it("keeps the state of its controls in the address, and shows the same picture after a reload", async () => {
    const {page, problems, close} = await open();
    expect(await addressQuery(page)).toBe("");
    const opening = await drawings(page);
    await page.locator("#spread").getByLabel("after training").check();
    await page.locator("#histogram").getByLabel("FP16").check();
    await expect.poll(() => addressQuery(page)).toBe("?stage=trained&format=fp16");
    await settled(page);
    const changed = await drawings(page);
    expect(changed).not.toEqual(opening);
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => drawings(page)).toEqual(changed);
    await page.locator("#histogram").getByRole("button", {name: "Reset"}).click();
    await expect.poll(() => addressQuery(page)).toBe("");
    await expect.poll(() => drawings(page)).toEqual(opening);
    expect(problems).toEqual([]);
    await close();
  });

  it("ignores what an address asks for and does not exist", async () => {
    const {page, problems, close} = await open("?layer=block+99+qkv&stage=never&format=int4");
    const {page: plain, close: closePlain} = await open();
    await expect.poll(() => drawings(page)).toEqual(await drawings(plain));
    expect(problems).toEqual([]);
    await close();
    await closePlain();
  });

  it("can be used from the keyboard: slider, choices, table", async () => {
    const {page, close} = await open();
    const slider = page.locator("#histogram input[type=range]");
    await slider.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("embedding");
    await expect
      .poll(() => page.locator("#histogram svg").getAttribute("aria-label"))
      .toContain("of embedding");
    await page.locator("#histogram input[type=radio][value=e5m2]").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(async () => (await addressParameters(page)).format).toBe("e4m3fn");
    await page.locator("#spread summary", {hasText: "Show data"}).focus();
    await page.keyboard.press("Enter");
    const symbols = page.locator("#spread svg :is(circle, path[transform])");
    await expect.poll(() => page.locator("#spread tbody tr").count()).toBe(await symbols.count());
    await close();
  });

  it("goes through widths and steps from the keyboard, and keeps both in the address", async () => {
    const {page, problems, close} = await open();
    const label = (id: string) => page.locator(`#${id} svg[role=img]`).getAttribute("aria-label");
    await page.locator("#ops input[type=range]").focus();
    await page.keyboard.press("End");
    await expect.poll(() => label("ops")).toContain("At width 2,048");
    await expect.poll(() => label("widths")).toContain("At width 2,048");
    await page.locator("#drift input[type=range]").focus();
    await page.keyboard.press("Home");
    await expect.poll(() => label("drift")).toContain("Standard, step 0: ");
    await page.locator("#sequence").getByLabel("FP16").check();
    await expect.poll(() => label("sequence")).toContain("In FP16");
    await expect.poll(() => addressQuery(page)).toBe("?width=2048&step=0&precision=fp16");
    expect(problems).toEqual([]);
    await close();
  });

  it("shows the layer that is clicked in the headline chart below", async () => {
    const {page, close} = await open();
    await page.locator("#spread svg text", {hasText: /^head$/}).click();
    await expect.poll(() => page.locator("#histogram output").textContent()).toBe("head");
    await close();
  });

  it("offers the chart as CSV, SVG and PNG", async () => {
    const {page, close} = await open("", {acceptDownloads: true});
    for (const type of ["CSV", "SVG", "PNG"]) {
      const download = page.waitForEvent("download");
      await page
        .locator("#spread")
        .getByRole("button", {name: `Download ${type}`})
        .click();
      expect((await download).suggestedFilename()).toBe(`bitscape-spread.${type.toLowerCase()}`);
      expect(await (await download).failure()).toBeNull();
    }
    await close();
  });

  it("trains in the tab only when asked, and arrives at the recorded weights", async () => {
    const {page, problems, close} = await open();
    expect(page.workers()).toHaveLength(0);
    await page.locator("#tab").getByRole("button", {name: "Train in this tab"}).click();
    const verdict = page.locator("#tab [data-agrees]");
    await verdict.waitFor();
    const hashes = await verdict.locator("code").allTextContents();
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[0]).toBe(hashes[1]);
    expect(await verdict.getAttribute("data-agrees")).toBe("true");
    expect(problems).toEqual([]);
    await close();
  });

  it.each([
    ["on a phone", phone],
    ["on a desk", {viewport: {width: 1280, height: 800}}],
  ])("moves nothing while it loads, and everything to press is large enough, %s", async (_, options) => {
    const {page, close} = await open("", options);
    expect(await layoutShift(page)).toBeLessThan(0.02);
    const small = await page.$$eval("#observablehq-main :is(button, summary, label)", (elements) =>
      elements
        .map((element) => ({name: element.textContent, ...element.getBoundingClientRect().toJSON()}))
        .filter(({width, height}) => width < 24 || height < 24)
        .map(({name}) => name),
    );
    expect(small).toEqual([]);
    await close();
  });
});

/** The charts as text, without the parts that a pointer may have drawn. */
const drawings = (page: Page): Promise<string[]> =>
  page.$$eval("#observablehq-main figure svg", (charts) => charts.map((chart) => chart.outerHTML));
