import {expect, it} from "vitest";
import {addressParameters, settled} from "./browser.js";
import {describePage} from "./describe-page.js";

describePage("the page on recipes", "recipes", (open) => {
  it("keeps recipes, scheme and threshold in the address, and shows them again after a reload", async () => {
    const {page, problems, close} = await open();
    const figure = page.locator("#parting");
    await figure.locator("select").nth(0).selectOption("mxfp4");
    await figure.locator("select").nth(1).selectOption("bf16");
    await figure.getByLabel("Unit scaling", {exact: true}).check();
    const slider = figure.getByRole("slider", {name: "Threshold"});
    await slider.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("2.0%");
    await expect
      .poll(() => addressParameters(page))
      .toEqual({a: "mxfp4", b: "bf16", scheme: "unit", threshold: "0.02"});
    const sentence = () => figure.locator(".figure-sentence").textContent();
    await settled(page);
    const before = await sentence();
    expect(before).toMatch(/^MXFP4 and BF16 part /);
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => sentence()).toBe(before);
    expect(problems).toEqual([]);
    await close();
  });

  it("marks the tensor that its sentence names, and lists it first", async () => {
    const {page, close} = await open("?a=int4");
    const figure = page.locator("#parting");
    const chart = figure.locator("svg");
    await expect.poll(() => chart.textContent()).toContain("first");
    await figure.getByText("Show data").click();
    const cells = figure.locator("tbody tr").first().locator("td");
    await cells.first().waitFor(); // the table is made after it has been opened
    const [step, layer, tensor] = await cells.allTextContents();
    const sentence = (await figure.locator(".figure-sentence").textContent())!;
    expect(sentence).toContain(step === "0" ? "before the first update" : `at step ${step}`);
    expect(sentence).toContain(tensor);
    expect(sentence).toContain(layer.replace(/^block \d+ /, ""));
    await close();
  });

  it("shows one recipe in all figures, whichever control chose it", async () => {
    const {page, close} = await open();
    await page.locator("#recipe select").selectOption("nvfp4");
    for (const figure of ["loss", "ranking", "health", "parting"]) {
      await expect.poll(() => page.locator(`#${figure} select`).first().inputValue()).toBe("nvfp4");
    }
    await expect
      .poll(() => page.locator("#recipe svg").getAttribute("aria-label"))
      .toContain("The recipe NVFP4");
    await expect
      .poll(() => page.locator("#health svg").getAttribute("aria-label"))
      .toMatch(/^NVFP4, Standard/);
    await close();
  });

  it("loads less than a megabyte of data", async () => {
    const {page, close} = await open();
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({name}) => name.includes("/loaders/recipe"))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).decodedBodySize, 0),
    );
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(1_000_000);
    await close();
  });
});
