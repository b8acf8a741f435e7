import {readFileSync} from "node:fs";
import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {addressQuery, phone, placeOf, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

const csv = readFileSync("data/tables/chinchilla-replication.csv");

describePage("the page on laws", "laws", (open) => {
  const constants = (page: Page) => page.locator("#constants svg[role=img]").getAttribute("aria-label");
  const status = (page: Page) => page.locator("#fit .fit-status");
  const fitted = (page: Page) => status(page).filter({hasText: "Fitted in this tab"}).waitFor();

  it("shows recorded results until something is changed; a run that is clicked is dropped, and the constants follow", async () => {
    const {page, problems, close} = await open();
    expect(page.workers()).toHaveLength(0);
    const before = await constants(page);
    const chart = page.locator("#predicted svg[role=img]");
    const [x, y] = await chart
      .locator("circle")
      .last()
      .evaluate((circle) => ["cx", "cy"].map((name) => Number(circle.getAttribute(name))));
    await chart.click({position: {x, y}});
    await fitted(page);
    await expect.poll(() => addressQuery(page)).toMatch(/^\?drop=\d+$/);
    await settled(page);
    const after = await constants(page);
    expect(after).not.toBe(before);
    await page.reload({waitUntil: "networkidle"});
    await fitted(page);
    await expect.poll(() => constants(page)).toBe(after);
    await page.locator("#fit").getByRole("button", {name: "As it began"}).click();
    await status(page).filter({hasText: "Recorded"}).waitFor();
    await expect.poll(() => constants(page)).toBe(before);
    expect(problems).toEqual([]);
    await close();
  });

  it("drops several runs with a rectangle, and takes that back with the keyboard", async () => {
    const {page, problems, close} = await open();
    const chart = page.locator("#residuals svg[role=img]");
    const box = await placeOf(chart);
    await page.mouse.move(box.x + 60, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + 260, box.y + 250, {steps: 4});
    await page.mouse.up();
    await fitted(page);
    await expect.poll(() => status(page).textContent()).toMatch(/\d+ dropped/);
    await page.keyboard.press("Control+z");
    await expect.poll(() => addressQuery(page)).toBe("");
    expect(problems).toEqual([]);
    await close();
  });

  it("fits a table of the reader's own without a request to anyone", async () => {
    const {page, problems, close} = await open();
    await page.locator("#own summary").first().click();
    // The worker's file is the page's own code, and may be fetched as it is started.
    const requests: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET" || !/\/_file\/worker\/laws\.[0-9a-f]+\.js$/.test(request.url()))
        requests.push(`${request.method()} ${request.url()}`);
    });
    await page
      .locator("#own input[type=file]")
      .setInputFiles({name: "runs.csv", mimeType: "text/csv", buffer: csv});
    await fitted(page);
    await expect.poll(() => page.locator("#own p[role=status]").textContent()).toContain("245 runs");
    await expect.poll(() => page.locator(".takeaway").textContent()).toContain("245 runs");
    await settled(page);
    expect(await addressQuery(page)).toBe("");
    const bad = Buffer.from("%PDF-1.7\n\u0000\u0001\u0002");
    await page
      .locator("#own input[type=file]")
      .setInputFiles({name: "runs.csv", mimeType: "text/csv", buffer: bad});
    await page.locator("#own p[role=status]", {hasText: "could not be read"}).waitFor();
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  it("stops a fit of many runs, and draws a part of them", async () => {
    const {page, problems, close} = await open();
    await page.locator("#own summary").first().click();
    const rows = Array.from({length: 60_000}, (_, i) => {
      const parameters = 1e6 * 1.0002 ** i;
      const tokens = 1e9 * (1 + ((i * 7919) % 1000));
      return `${parameters},${tokens},${1.7 + 400 / parameters ** 0.34 + 400 / tokens ** 0.28 + ((i * 31) % 17) / 1000}`;
    });
    const buffer = Buffer.from(`parameters,tokens,loss\n${rows.join("\n")}\n`);
    await page
      .locator("#own input[type=file]")
      .setInputFiles({name: "many.csv", mimeType: "text/csv", buffer});
    await status(page).filter({hasText: "Fitting Chinchilla to 60,000 runs"}).waitFor();
    await page.locator("#fit").getByRole("button", {name: "Stop"}).click();
    await status(page).filter({hasText: "stopped"}).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it("fits a phone: nothing wider than the screen, what is pressed is large enough", async () => {
    const {page, problems, close} = await open("", phone);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    const heights = await page.$$eval(
      "#fit button:not([hidden]), #held-out button:not([hidden])",
      (buttons) =>
        buttons.map((button) => button.getBoundingClientRect().height).filter((height) => height > 0),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);
    expect(problems).toEqual([]);
    await close();
  });
});
