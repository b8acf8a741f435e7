import {expect, it} from "vitest";
import {addressParameters, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on plans", "plan", (open) => {
  it("answers before anything is touched, and again for what is given, which the address keeps", async () => {
    const {page, problems, close} = await open();
    const takeaway = page.locator(".takeaway");
    await expect.poll(() => takeaway.textContent()).toContain(": 7 bits, 169B parameters");
    await page.getByLabel("Training tokens", {exact: true}).check();
    await page.getByLabel("D, as in 2T").fill("500B");
    await settled(page);
    await expect.poll(() => takeaway.textContent()).toContain("Train a model on 500B tokens with 1e24 FLOPs");
    await expect.poll(async () => (await addressParameters(page)).tokens).toBe("500B");
    await expect
      .poll(() => page.locator("#command code").textContent())
      .toBe("bitscape plan --tokens 500B --flops 1e24");
    await settled(page);
    const answer = await takeaway.textContent();
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => takeaway.textContent()).toBe(answer);
    expect(problems).toEqual([]);
    await close();
  });

  it("can be used by keyboard, and tells what cannot be answered", async () => {
    const {page, problems, close} = await open();
    const slider = page.getByLabel("Compute in FLOPs, on a logarithmic scale");
    await slider.focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowRight");
    await settled(page);
    await expect.poll(async () => (await addressParameters(page)).compute).toBe("1e25");
    await expect
      .poll(() => page.locator("#bits svg").getAttribute("aria-label"))
      .toContain("Sun 2025, floating point: 5 bits");
    await page.getByLabel("Compute in FLOPs", {exact: true}).focus();
    await page.keyboard.press("Space");
    await settled(page);
    await expect.poll(() => page.locator(".takeaway").textContent()).toMatch(/^Say how many tokens/);
    expect(problems).toEqual([]);
    await close();
  });

  it("has a row for each law, and one for fits of our own runs that are asked", async () => {
    const {page, close} = await open();
    const rows = page.locator("#recommendations tbody tr");
    await expect.poll(() => rows.count()).toBe(5);
    await page.locator('.plan-controls input[value^="ours-"]').first().check();
    await settled(page);
    await expect.poll(() => rows.count()).toBe(6);
    await expect.poll(() => rows.last().textContent()).toContain("Ours, ");
    await close();
  });
});
