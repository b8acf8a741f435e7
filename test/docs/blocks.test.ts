import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {addressParameters, addressQuery, placeOf, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on blocks", "blocks", (open) => {
  const blockName = (page: Page) => page.locator(".block-name").textContent();

  it("keeps data, scaling, elements and block in the address, and shows them again after a reload", async () => {
    const {page, problems, close} = await open();
    const figure = page.locator("#picture");
    await figure.getByLabel("a picture", {exact: true}).check();
    await figure.getByLabel("MX", {exact: true}).check();
    await figure.getByLabel("E4M3", {exact: true}).check();
    const slider = figure.getByRole("slider", {name: "left to right"});
    await slider.focus();
    await page.keyboard.press("End");
    await expect
      .poll(() => addressParameters(page))
      .toEqual({data: "night", scale: "mx", element: "e4m3fn", column: "64"});
    await expect.poll(() => blockName(page)).toBe("Row 20, columns 64 to 95, E4M3FN elements");
    const picture = () => figure.locator("svg").evaluate((chart) => chart.outerHTML);
    await settled(page);
    const before = await picture();
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => picture()).toBe(before);
    await expect.poll(() => blockName(page)).toBe("Row 20, columns 64 to 95, E4M3FN elements");
    await figure.getByRole("button", {name: "Reset"}).click();
    await expect.poll(() => addressQuery(page)).toBe("");
    expect(problems).toEqual([]);
    await close();
  });

  it("looks into the block under the mouse, and keeps the one that is clicked", async () => {
    const {page, close} = await open("?scale=nvfp4");
    const chosen = await blockName(page);
    const box = await placeOf(page.locator("#picture image").first());
    await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.51 * box.height);
    await expect.poll(() => blockName(page)).toBe("Row 32, columns 48 to 63, E2M1 elements");
    await page.mouse.move(box.x - 20, box.y - 60);
    await expect.poll(() => blockName(page)).toBe(chosen);
    await page.mouse.click(box.x + 0.9 * box.width, box.y + 0.51 * box.height);
    await page.mouse.move(0, 0);
    await settled(page);
    expect(await blockName(page)).toBe("Row 32, columns 48 to 63, E2M1 elements");
    await close();
  });

  it("takes a picture of the reader's, which goes nowhere", async () => {
    const {page, problems, close} = await open("?data=own");
    const before = await page.locator("#picture image").first().getAttribute("href");
    const input = page.locator("#picture input[type=file]");
    await input.setInputFiles({name: "not.png", mimeType: "image/png", buffer: Buffer.from("text")});
    await expect.poll(() => page.locator(".file-message").textContent()).toContain("not a picture");
    const canvas = await page.evaluate(() => {
      const drawing = Object.assign(document.createElement("canvas"), {width: 40, height: 20});
      drawing.getContext("2d")!.fillRect(0, 0, 20, 20);
      return drawing.toDataURL("image/png").split(",")[1];
    });
    await input.setInputFiles({
      name: "mine.png",
      mimeType: "image/png",
      buffer: Buffer.from(canvas, "base64"),
    });
    await expect.poll(() => page.locator("#picture image").first().getAttribute("href")).not.toBe(before);
    await expect.poll(() => page.locator("#picture svg").textContent()).toContain("20 × 40 float32 values");
    expect(problems).toEqual([]);
    await close();
  });

  it("moves the maximum of a block through the binade by keyboard", async () => {
    const {page, close} = await open();
    const slider = page.locator("#rules input[type=range]");
    await slider.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("4");
    await expect
      .poll(() => page.locator("#rules svg").getAttribute("aria-label"))
      .toMatch(/^Largest magnitude 4, E2M1/);
    await page.keyboard.press("End");
    await expect.poll(() => page.locator("#rules tbody").textContent()).toContain("saturated");
    await close();
  });
});
