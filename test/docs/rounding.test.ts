import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {addressParameters, addressQuery, phone, placeOf, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on rounding", "rounding", (open) => {
  it("scrolls a formula that is wider than a phone in a box of its own, which the keyboard reaches", async () => {
    const {page, close} = await open("", phone);
    const formula = page.locator(".displayed-math").first();
    const [room, width] = await formula.evaluate((box) => [box.clientWidth, box.scrollWidth]);
    expect(width).toBeGreaterThan(room);
    // Firefox and WebKit, which scroll no math element, would let it reach out of the page.
    expect(await formula.locator("math").evaluate((math) => getComputedStyle(math).overflowX)).toBe(
      "visible",
    );
    await formula.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => formula.evaluate((box) => box.scrollLeft)).toBeGreaterThan(0);
    await close();
  });

  it("keeps everything that was chosen in the address, and shows the same pictures after a reload", async () => {
    const {page, problems, close} = await open();
    expect(await addressQuery(page)).toBe("");
    const opening = await drawings(page);
    await page.fill("#rounding-value", "-2^-10");
    await page.locator("#modes").getByText("2", {exact: true}).click();
    await page.locator("#running-sum").getByText("E5M2", {exact: true}).click();
    await page.locator("#running-sum").getByRole("button", {name: "Next seed"}).click();
    await page.locator("#noise").getByText("stochastic", {exact: true}).click();
    await page.locator("#noise label", {hasText: "NF4"}).click();
    await expect
      .poll(() => addressParameters(page))
      .toEqual({
        ...{value: "-0.0009765625", bits: "2", sum: "e5m2", seed: "2"},
        ...{noise: "stochastic", formats: "fp16,e5m2,e4m3fn,nf4"},
      });
    await settled(page);
    const changed = await drawings(page);
    for (const [i, drawing] of changed.entries()) expect(drawing).not.toBe(opening[i]);
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => drawings(page)).toEqual(changed);
    await page.locator("#modes").getByRole("button", {name: "Reset"}).click();
    await expect.poll(() => addressQuery(page)).toBe("");
    await expect.poll(() => drawings(page)).toEqual(opening);
    expect(problems).toEqual([]);
    await close();
  });

  it("moves the number by keyboard, from gap to gap", async () => {
    const {page, close} = await open("?value=1.123046875");
    const slider = page.locator("#modes input[type=range]");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await addressParameters(page)).value).toBe("1.125");
    await page.keyboard.press("ArrowRight");
    await expect
      .poll(() => page.locator("#modes svg").getAttribute("aria-label"))
      .toContain("from 1.125 to 1.25");
    await close();
  });

  it("puts the slider's handle over the number in the chart", async () => {
    for (const options of [{}, phone]) {
      const {page, close} = await open("?value=1.0625", options);
      const offset = await page.evaluate(() => {
        const slider = document.querySelector("#modes input[type=range]")!.getBoundingClientRect();
        const dot = [...document.querySelectorAll("#modes svg circle")]
          .map((circle) => circle.getBoundingClientRect())
          .reduce((top, box) => (box.top < top.top ? box : top));
        return slider.left + slider.width / 2 - (dot.left + dot.width / 2);
      });
      expect(Math.abs(offset)).toBeLessThan(2);
      await close();
    }
  });

  it("drags the number along its gap", async () => {
    const {page, close} = await open("?value=1");
    const slider = page.locator("#modes input[type=range]");
    const box = await placeOf(slider);
    await page.mouse.move(box.x + 14, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, {steps: 5});
    await page.mouse.up();
    await expect.poll(async () => Number((await addressParameters(page)).value)).toBeCloseTo(1.0625, 2);
    await close();
  });
});

/** The charts as they are drawn now. */
const drawings = (page: Page) =>
  page.$$eval(":is(#modes, #running-sum, #noise) svg", (charts) =>
    charts.map((chart) => chart.innerHTML.replaceAll(/plot-clip-\d+/g, "clip")),
  );
