import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {addressParameters, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on disagreements", "disagreements", (open) => {
  it("answers what is typed, from the keyboard, and keeps it in the address", async () => {
    const {page, problems, close} = await open();
    const field = page.getByRole("combobox", {name: "A number"});
    await field.fill("2^-130");
    await page.keyboard.press("Enter");
    await page.locator("#ask").getByLabel("bfloat16").check();
    await expect.poll(() => addressParameters(page)).toEqual({value: "2^-130", format: "bf16"});
    const summary = page.locator("#ask .ask-summary");
    await expect.poll(() => summary.textContent()).toContain("2^-130 as bfloat16");
    await expect.poll(() => page.locator(".answer-group", {hasText: "chop"}).count()).toBeGreaterThan(0);
    const groups = await page.locator(".answer-group").allTextContents();
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => page.locator(".answer-group").allTextContents()).toEqual(groups);
    expect(problems).toEqual([]);
    await close();
  });

  it("says what can be typed when a text is no number, and keeps the answers", async () => {
    const {page, close} = await open();
    const before = await page.locator(".answer-group").count();
    await page.getByRole("combobox", {name: "A number"}).fill("four");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.locator("#ask .field-error").textContent())
      .toContain("neither a number nor a code");
    await settled(page);
    expect(await page.locator(".answer-group").count()).toBe(before);
    await close();
  });

  it("filters by kind, format and library, and gives what is shown as CSV", async () => {
    const {page, close} = await open("", {acceptDownloads: true});
    const table = page.locator("#table");
    await table.getByLabel("every case").check();
    await table.getByLabel("Kind").selectOption("NaN");
    await table.getByLabel("Library").selectOption("ml_dtypes");
    await expect
      .poll(() => addressParameters(page))
      .toEqual({
        show: "all",
        kind: "nan",
        library: "ml_dtypes",
      });
    await expect.poll(() => table.locator("h3").count()).toBe(1);
    const cases = await table.locator(".case").count();
    expect(cases).toBeGreaterThan(1);
    const download = page.waitForEvent("download");
    await table.getByRole("button", {name: "Download CSV"}).click();
    const lines = readFileSync((await (await download).path())!, "utf8")
      .trim()
      .split("\r\n");
    expect(lines[0]).toMatch(/^kind,format,input,/);
    expect(lines.filter((line) => line.includes(",ml_dtypes,"))).toHaveLength(cases);
    await close();
  });

  it("brings a case up to the figure above", async () => {
    const {page, close} = await open();
    await page.locator(".case button").nth(1).click();
    await expect.poll(() => page.locator("#ask .ask-summary").textContent()).toContain("465 as E4M3FN");
    await expect
      .poll(() =>
        page.locator("#ask input[role=combobox]").evaluate((input) => document.activeElement === input),
      )
      .toBe(true);
    await close();
  });
});
