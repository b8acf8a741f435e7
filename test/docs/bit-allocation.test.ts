import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {addressParameters, placeOf, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on bit allocation", "bit-allocation", (open) => {
  const askedNumber = async (page: Page, name: string) => Number((await addressParameters(page))[name]);
  const pointText = (page: Page, id: string) =>
    page.locator(`#${id} .surface-point`).getAttribute("aria-valuetext");
  const middle = async (page: Page, selector: string) => {
    const {x, y, width, height} = await placeOf(page.locator(selector).first());
    return {x: x + width / 2, y: y + height / 2};
  };

  it("moves the point by a drag, says so in words, and shows it again after a reload", async () => {
    const {page, problems, close} = await open();
    await expect.poll(() => pointText(page, "memory")).toMatch(/^60M parameters, 16 bits: /);
    const from = await middle(page, "#memory .surface-point");
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 90, {steps: 4});
    await page.mouse.move(from.x + 90, from.y + 200, {steps: 4});
    await page.mouse.up();
    await settled(page);
    await expect.poll(() => askedNumber(page, "memory.bits")).toBeLessThan(12);
    await expect.poll(() => askedNumber(page, "memory.parameters")).toBeGreaterThan(6.5e7);
    const text = await pointText(page, "memory");
    await expect
      .poll(() => page.locator("#memory .surface-readout p").first().textContent())
      .toContain(text!.split(":")[0]);
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => pointText(page, "memory")).toBe(text);
    expect(problems).toEqual([]);
    await close();
  });

  it("moves the budget by its line, and the optimum with it, at the same bits", async () => {
    const {page, close} = await open();
    const optimum = () =>
      page.locator("#memory .optimum").evaluate((mark) => [mark.dataset.u, mark.dataset.v].map(Number));
    const before = await optimum();
    // The line itself, between its label and the diamond.
    await placeOf(page.locator("#memory .optimum"));
    const {x, y} = await page.locator("#memory .budget-line").evaluate((element) => {
      const line = element as unknown as SVGPathElement;
      const at = line.getPointAtLength(line.getTotalLength() * 0.6).matrixTransform(line.getScreenCTM()!);
      return {x: at.x, y: at.y};
    });
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y, {steps: 4});
    await page.mouse.move(x + 120, y, {steps: 4});
    await page.mouse.up();
    await settled(page);
    await expect.poll(() => askedNumber(page, "memory.amount")).toBeGreaterThan(1.2e8);
    await expect.poll(async () => (await optimum())[0]).toBeGreaterThan(before[0] + 0.05);
    expect((await optimum())[1]).toBeCloseTo(before[1], 3);
    await expect.poll(() => pointText(page, "memory")).toMatch(/^60M parameters, 16 bits/);
    await close();
  });

  it("can be used by keyboard: point, budget, slider and layout", async () => {
    const {page, problems, close} = await open();
    await page.locator("#memory .surface-point").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await settled(page);
    await expect.poll(() => pointText(page, "memory")).toMatch(/^66M parameters, 14 bits/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowUp");
    await settled(page);
    await expect.poll(() => askedNumber(page, "memory.amount")).toBeCloseTo(1.1 * ((6.6e7 * 14) / 8), -6);
    await page.locator("#memory .slider-control:visible input").first().focus();
    await page.keyboard.press("ArrowRight");
    await settled(page);
    await expect.poll(() => askedNumber(page, "memory.tokens")).toBeGreaterThan(2.6e10);
    await page.getByRole("slider", {name: "Boundary between exponent and mantissa"}).focus();
    await page.keyboard.press("ArrowRight");
    await settled(page);
    await expect
      .poll(() => addressParameters(page))
      .toMatchObject({"layout.exponentBits": "5", "layout.mantissaBits": "2"});
    await expect.poll(() => page.locator("#layouts .figure-sentence").textContent()).toContain("With E5M2");
    await expect.poll(() => pointText(page, "layout")).toMatch(/^5 exponent bits, 2 mantissa bits/);
    expect(problems).toEqual([]);
    await close();
  });

  it("changes the law with its scale, and offers only axes and comparisons that it has", async () => {
    const {page, problems, close} = await open();
    await page.locator("#memory summary", {hasText: "More"}).click();
    await page.locator("#memory").getByLabel("Law").selectOption("sun");
    await settled(page);
    await expect
      .poll(() => page.locator("#memory").getByLabel("Across").locator("option").allTextContents())
      .toEqual([
        ...["Parameters", "Training tokens", "Exponent bits", "Mantissa bits", "Elements that share a scale"],
        "Bits of everything",
      ]);
    await expect.poll(() => pointText(page, "memory")).toMatch(/^154M parameters/);
    await page.locator("#memory").getByLabel("Law").selectOption("ours-integers");
    await settled(page);
    await expect.poll(() => pointText(page, "memory")).toMatch(/k parameters, 4 bits/);
    const others = page.locator("#memory").getByLabel("Compared with").locator("option");
    for (const value of await others.evaluateAll((options) =>
      options.map((option) => (option as HTMLOptionElement).value),
    ))
      expect(value).toMatch(/^$|^ours-/);
    expect(problems).toEqual([]);
    await close();
  });

  it("shows measured runs beside our fit only", async () => {
    const {page, close} = await open();
    await expect.poll(() => page.locator("#allocation .run").count()).toBeGreaterThan(20);
    expect(await page.locator("#memory .run").count()).toBe(0);
    expect(await page.locator("#allocation .surface-readout").textContent()).toMatch(/measured settings/);
    await close();
  });

  it("labels iso-lines beside the runs, not on them", async () => {
    const {page, close} = await open();
    const [labels, runs] = await Promise.all(
      [".iso-label", ".run"].map((selector) =>
        page
          .locator(`#allocation ${selector}`)
          .evaluateAll((marks) => marks.map((mark) => mark.getBoundingClientRect().toJSON())),
      ),
    );
    expect(labels.length).toBeGreaterThan(4);
    for (const {x, y, width, height} of labels)
      for (const run of runs) {
        const [dx, dy] = [run.x + run.width / 2 - x - width / 2, run.y + run.height / 2 - y - height / 2];
        const isApart =
          Math.abs(dx) > (run.width + width) / 2 || Math.abs(dy) > (run.height + height) / 2 - 3;
        expect(isApart, JSON.stringify({label: {x, y}, run})).toBe(true);
      }
    await close();
  });

  it("names the ends and the middle of a difference's colours with digits that tell them apart", async () => {
    const {page, close} = await open();
    const texts = await page.locator("#difference .surface-legend text").allTextContents();
    const numbers = texts.slice(1).map((text) => Number(text.replace("−", "-")));
    expect(numbers).toHaveLength(5);
    expect(numbers[2]).toBe(0);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    await close();
  });

  it("paints the colours of the law on the canvas, and nothing where it has no value", async () => {
    const {page, close} = await open();
    const alpha = await page.locator("#memory canvas").evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const {data} = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const at = (x: number, y: number) => data[4 * (y * canvas.width + x) + 3];
      return {size: [canvas.width, canvas.height], top: at(100, 5), bottom: at(100, canvas.height - 2)};
    });
    expect(alpha).toEqual({size: [200, 200], top: 255, bottom: 0});
    await close();
  });

  it("puts the colours into the SVG file as a picture", async () => {
    const {page, close} = await open();
    const downloading = page.waitForEvent("download");
    await page.locator("#memory").getByRole("button", {name: "Download SVG"}).click();
    const download = await downloading;
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const file = Buffer.concat(chunks).toString();
    expect(file).toContain("data:image/png;base64,");
    expect(file).toContain('class="budget-line"');
    expect(file).not.toMatch(/var\(--/);
    await close();
  });

  it("can be taken along: a custom element on a page of its own, with the same picture and its own point", async () => {
    const {page, problems, close} = await open();
    await page.locator("#memory summary", {hasText: "Embed"}).click();
    const code = await page.locator("#memory .embed-code pre").textContent();
    await page.setContent(`<!DOCTYPE html><html lang="en"><title>Report</title><body>${code}`);
    const element = page.locator("bitscape-surface");
    await element.locator(".budget-line").waitFor();
    const text = () => element.locator(".surface-point").getAttribute("aria-valuetext");
    await expect.poll(() => text()).toMatch(/^60M parameters, 16 bits/);
    await element.locator(".surface-point").focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(text).toMatch(/^60M parameters, 15 bits/);
    expect(problems).toEqual([]);
    await close();
  });

  it("can be used with a finger: a tap moves the point, a swipe over the map scrolls the page", async () => {
    const {page, close} = await open("", {
      viewport: {width: 390, height: 844},
      hasTouch: true,
      isMobile: true,
    });
    const canvas = await middle(page, "#memory canvas");
    await page.touchscreen.tap(canvas.x, canvas.y);
    await settled(page);
    await expect.poll(() => askedNumber(page, "memory.bits")).toBeGreaterThan(0);
    expect(
      await page.locator("#memory .surface-point").evaluate((point) => getComputedStyle(point).touchAction),
    ).toBe("none");
    expect(
      await page.locator("#memory .surface-picture").evaluate((map) => getComputedStyle(map).touchAction),
    ).toBe("auto");
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBe(0);
    await close();
  });
});
