import {expect, it} from "vitest";
import {addressParameters, placeOf, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on sweeps", "sweeps", (open) => {
  it("filters by brushing an axis, keeps that in the address, and shows it again after a reload", async () => {
    const {page, problems, close} = await open("?sweep=recipes");
    const figure = page.locator("#parallel");
    const lines = () => figure.locator("path[data-run]:visible").count();
    await expect.poll(() => lines()).toBe(171);
    // The first axis holds three schemes, the last of them at the top.
    const axis = await placeOf(figure.locator(".axis-brush .overlay").first());
    await page.mouse.move(axis.x + axis.width / 2, axis.y + 5);
    await page.mouse.down();
    await page.mouse.move(axis.x + axis.width / 2, axis.y + axis.height * 0.2, {steps: 4});
    await page.mouse.move(axis.x + axis.width / 2, axis.y + axis.height * 0.3, {steps: 4});
    await expect.poll(() => lines()).toBe(57);
    await page.mouse.up();
    await settled(page);
    await expect.poll(async () => (await addressParameters(page)).where).toBe("scheme:munit");
    await expect.poll(() => page.locator("#filters .filter-count").textContent()).toMatch(/^57 of 171 runs/);
    await expect.poll(() => page.locator("#runs caption").textContent()).toContain("of 57");
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => lines()).toBe(57);
    await expect.poll(() => figure.locator(".axis-brush .selection").first().isVisible()).toBe(true);
    expect(problems).toEqual([]);
    await close();
  });

  it("can be used by keyboard: a filter, a sorted column, a marked run", async () => {
    const {page, close} = await open("?sweep=recipes");
    await page.locator("#filters summary", {hasText: "recipe"}).focus();
    await page.keyboard.press("Enter");
    await page.locator("#filters").getByLabel("nvfp4").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");
    await expect
      .poll(() => page.locator("#filters summary", {hasText: "recipe"}).textContent())
      .toContain("nvfp4");
    await settled(page);
    await page.locator('#runs button[data-key="seed"]').focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("#runs tbody tr").count()).toBe(9);
    await settled(page);
    await page.locator("#runs tbody input").first().focus();
    await page.keyboard.press("Space");
    await settled(page);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("checkbox");
    await expect.poll(() => page.locator("#run h3").textContent()).toMatch(/^Run .*recipe=nvfp4 seed=1$/);
    await close();
  });

  it("reads the table of one sweep until another one is chosen", async () => {
    const {page, problems, close} = await open("?sweep=activations");
    const tables = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType("resource")
          .flatMap(({name}) => /sweeps\/([\w-]+)\.\w+\.arrow/.exec(name)?.[1] ?? []),
      );
    expect(await tables()).toEqual(["activations"]);
    await page.locator("#sweep select").selectOption("transfer");
    await page.waitForFunction(() =>
      document.querySelector("#runs caption")?.textContent?.includes("transfer"),
    );
    await expect.poll(() => tables()).toEqual(["activations", "transfer"]);
    await expect
      .poll(() => page.locator("#rates svg").getAttribute("aria-label"))
      .toContain("searched for 16 times");
    expect(problems).toEqual([]);
    await close();
  });

  it("hands a run over to the lab with all of its settings", async () => {
    const {page, close} = await open("?sweep=recipes&find=mxfp8&sort=run");
    const yaml = (await page.locator("#run pre").textContent())!;
    await page.locator("#run").getByRole("link", {name: "Open it in the lab"}).click();
    await page.waitForLoadState("networkidle");
    await settled(page);
    await expect.poll(() => page.locator("#files pre").first().textContent()).toContain("recipe: mxfp8");
    const lab = (await page.locator("#files pre").first().textContent())!;
    const settings = (text: string) => text.split("\n").filter((line) => line && !line.startsWith("#"));
    // What is the default, the lab's file does not name.
    for (const line of settings(lab)) expect(settings(yaml)).toContain(line);
    expect(settings(lab)).toContain("recipe: mxfp8");
    await close();
  });
});
