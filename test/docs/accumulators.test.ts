import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {addressParameters, addressQuery, layoutShift, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on accumulators", "accumulators", (open) => {
  it("keeps the state of all figures in the address, and shows the same after a reload", async () => {
    const {page, problems, close} = await open();
    expect(await addressQuery(page)).toBe("");
    await page.locator("#race").getByLabel("root mean square").check();
    await page.locator("#width").getByLabel("signed", {exact: true}).check();
    await page.locator("#sum").getByLabel("A100 FP16").check();
    await page.locator("#sum").getByRole("button", {name: "Next"}).click();
    await expect
      .poll(() => addressParameters(page))
      .toEqual({
        data: "signed",
        measure: "rms",
        unit: "a100-mma fp16",
        step: "4",
      });
    await settled(page);
    const before = await shown(page);
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => shown(page)).toEqual(before);
    expect(problems).toEqual([]);
    await close();
  });

  it("claims what the recordings and the race show", async () => {
    const {page, close} = await open();
    expect(await page.locator(".takeaway").textContent()).toContain("loses 7.0%");
    const text = await page.locator("#observablehq-main").textContent();
    expect(text).toMatch(
      /[\d,]+ results of 8 GPUs were compared with the models, in every bit: none differs/,
    );
    await close();
  });

  it("steps through the small sum from the keyboard, until the last step", async () => {
    const {page, close} = await open("?step=1");
    const slider = page.locator("#sum").getByRole("slider");
    await slider.focus();
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("1 of 10: Group 1 of 2, Multiply");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".sum-grid").getAttribute("data-phase")).toBe("align");
    await page.keyboard.press("End");
    await expect.poll(() => page.locator(".sum-grid").getAttribute("data-phase")).toBe("round");
    await page.locator("#sum").getByRole("button", {name: "Back"}).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".sum-grid").getAttribute("data-phase")).toBe("add");
    await close();
  });

  it("takes other numbers, and compares all units on them", async () => {
    const {page, problems, close} = await open();
    await page.getByText("Change the numbers").click();
    await page.getByLabel("running sum to start from").fill("-5000.5");
    await page.keyboard.press("Tab");
    await expect.poll(async () => (await addressParameters(page)).sum).toMatch(/^-5000\.5_/);
    await expect.poll(() => page.locator(".sum-outcome").textContent()).toContain("Exact would be −4993");
    await page.getByText("The same sum in every unit").click();
    await expect.poll(() => page.locator(".sum-comparison tbody tr").count()).toBe(7);
    expect(problems).toEqual([]);
    await close();
  });

  it.each([
    ["on a phone", {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true}],
    ["on a desk", {viewport: {width: 1280, height: 800}}],
  ])("moves nothing while it loads, %s", async (_, options) => {
    const {page, close} = await open("", options);
    expect(await layoutShift(page)).toBeLessThan(0.02);
    await close();
  });
});

/** What the figures show, without the parts that a pointer may have drawn. */
const shown = (page: Page): Promise<string[]> =>
  page.$$eval(":is(#race, #width) figure svg, .sum-grid", (elements) =>
    elements.map((element) => element.outerHTML),
  );
