import {expect, it} from "vitest";
import {addressParameters, addressQuery, placeOf, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on critical data", "critical-data", (open) => {
  it("keeps the state of all figures in the address, and shows the same after a reload", async () => {
    const {page, problems, close} = await open();
    expect(await addressQuery(page)).toBe("");
    await page.locator("#rounded").getByLabel("by GPTQ", {exact: true}).check();
    await page.locator("#in-law").getByLabel("512", {exact: true}).check();
    await page.locator("#training").getByLabel("best for each line").check();
    await expect.poll(() => addressQuery(page)).toBe("?method=gptq&block=512&rates=own");
    await expect.poll(() => page.locator("#fit").getByLabel("by GPTQ", {exact: true}).isChecked()).toBe(true);
    const labels = () => page.$$eval("figure svg", (charts) => charts.map((chart) => chart.ariaLabel));
    await settled(page);
    const before = await labels();
    expect(before).toHaveLength(6);
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => labels()).toEqual(before);
    expect(problems).toEqual([]);
    await close();
  });

  it("shows models that more text made worse once they were rounded, ours and those of the law", async () => {
    const {page, close} = await open();
    expect(await page.locator(".takeaway").textContent()).toMatch(
      /it made some of them worse: \d+ of \d+ in 2 bits/,
    );
    expect(await page.locator("#after-law .figure-sentence").textContent()).toMatch(
      /5\.3 billion in 3 bits \(177 /,
    );
    expect(await page.locator("#verdicts tbody tr").count()).toBeGreaterThanOrEqual(6);
    await close();
  });

  it("lets the point be dragged, by mouse and by keys", async () => {
    const {page, problems, close} = await open();
    const handle = page.locator(".explorer-handle");
    const sentence = page.locator("#explorer .figure-sentence");
    const before = await sentence.textContent();
    const box = await placeOf(handle);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 80, {steps: 4});
    await page.mouse.up();
    const distance = async () => {
      const moved = (await handle.boundingBox())!;
      return Math.max(Math.abs(moved.x - box.x - 60), Math.abs(moved.y - box.y - 80));
    };
    await expect.poll(distance).toBeLessThan(3);
    await settled(page);
    const dragged = await sentence.textContent();
    expect(dragged).not.toBe(before);
    await handle.press("ArrowUp");
    await expect.poll(() => sentence.textContent()).not.toBe(dragged);
    await expect.poll(async () => (await addressParameters(page)).tokens).toMatch(/^\d+$/);
    expect(problems).toEqual([]);
    await close();
  });
});
