import {expect, it} from "vitest";
import {addressQuery, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on µnit scaling", "munit-scaling", (open) => {
  it("keeps the state of all figures in the address, and shows the same after a reload", async () => {
    const {page, problems, close} = await open();
    expect(await addressQuery(page)).toBe("");
    await page.locator("#transfer").getByLabel("FP8, plain").check();
    await page.locator("#cast").getByLabel("E5M2", {exact: true}).check();
    await expect.poll(() => addressQuery(page)).toBe("?recipe=fp8&format=e5m2");
    await expect
      .poll(() => page.locator("#underflow").getByLabel("E5M2", {exact: true}).isChecked())
      .toBe(true);
    const labels = () => page.$$eval("figure svg", (charts) => charts.map((chart) => chart.ariaLabel));
    await settled(page);
    const before = await labels();
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => labels()).toEqual(before);
    expect(problems).toEqual([]);
    await close();
  });

  it("claims what the sweep shows: an optimum that moves with the width, and one that does not", async () => {
    const {page, close} = await open();
    const takeaway = await page.locator(".takeaway").textContent();
    expect(takeaway).toMatch(/a standard model learns best at a learning rate \d+ times smaller/);
    expect(takeaway).toMatch(/under µnit scaling, a model learns best at the same learning rate/);
    await close();
  });
});
