import {execFile} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {projectRoot} from "../../tools/site/project.js";
import {addressParameters, axeViolations, layoutShift, phone} from "./browser.js";
import {describePage} from "./describe-page.js";

/** A model that trains in a moment, with what the opening pair has of casts. */
const tiny = "layers=1&width=16&heads=2&context=16&batch=4&steps=12&evaluateEvery=6&probeEvery=6";

describePage("the lab", "lab", (open) => {
  it("shows recorded runs at once, and starts nothing by itself", async () => {
    const {page, problems, close} = await open();
    await expect
      .poll(() => page.locator(".takeaway").textContent())
      .toMatch(/^Run A, standard, .*Run B, unit scaling,/);
    await expect
      .poll(() => statuses(page))
      .toEqual([expect.stringMatching(/Recorded: 150 steps/), expect.stringMatching(/Recorded: 150 steps/)]);
    await expect.poll(() => page.locator("#lost svg text", {hasText: "head"}).count()).toBeGreaterThan(0);
    expect(page.workers()).toHaveLength(0);
    expect(problems).toEqual([]);
    await close();
  });

  it("gives the bits of the command line: the settings file of a run leads to the same weights", async () => {
    const {page, problems, close} = await open(`?${tiny}`, {acceptDownloads: true});
    await page.getByRole("button", {name: "Train both here"}).click();
    await page.getByRole("button", {name: "Train both again"}).waitFor();
    const folder = mkdtempSync(join(tmpdir(), "bitscape-lab-"));
    for (const run of ["a", "b"]) {
      const download = page.waitForEvent("download");
      await page.getByRole("button", {name: `Download run-${run}.yaml`}).click();
      const file = join(folder, `run-${run}.yaml`);
      await (await download).saveAs(file);
      const command = [join(projectRoot, "src/cli/bitscape.js"), "train", file, "--json"];
      const env = {...process.env, BITSCAPE_STORE: join(folder, "store")};
      const {stdout} = await promisify(execFile)(process.execPath, command, {env, maxBuffer: 2 ** 26});
      const hash = await page
        .getByRole("region", {name: `Run ${run.toUpperCase()}`})
        .locator(".file-hash code");
      await expect.poll(() => hash.textContent()).toBe(JSON.parse(stdout).weightHash);
    }
    rmSync(folder, {recursive: true});
    expect(problems).toEqual([]);
    await close();
  });

  it("goes single steps, pauses and stops, and arrives at the same bits however it got there", async () => {
    const {page, problems, close} = await open(`?${tiny}&compare=no`);
    await page.getByRole("button", {name: "One step"}).click();
    await expect.poll(() => statuses(page)).toEqual([expect.stringMatching(/Paused after step 1 of 12/)]);
    await page.getByRole("button", {name: "10 steps"}).click();
    await expect.poll(() => statuses(page)).toEqual([expect.stringMatching(/Paused after step 11 of 12/)]);
    await expect.poll(() => page.locator("[data-key=width] .run-a").isDisabled()).toBe(true);
    await page.getByRole("button", {name: "Go on"}).click();
    await page.getByRole("button", {name: "Train again"}).waitFor();
    const hash = (of: Page) => of.locator(".file-hash code").first().textContent();
    // On a page of its own, where no run before it can show its hash.
    const {page: other, close: closeOther} = await open(`?${tiny}&compare=no`);
    await other.getByRole("button", {name: "Train here"}).click();
    await other.getByRole("button", {name: "Train again"}).waitFor();
    expect(await hash(other)).toBe(await hash(page));
    await closeOther();
    await page.locator("[data-key=steps] .run-a").fill("100000");
    await page.getByRole("button", {name: "Train here"}).click();
    await page.getByRole("button", {name: "Pause"}).click();
    await expect.poll(() => statuses(page)).toEqual([expect.stringMatching(/Paused after step/)]);
    await page.getByRole("button", {name: "Stop"}).click();
    await expect.poll(() => statuses(page)).toEqual([expect.stringMatching(/Stopped after step/)]);
    await expect.poll(() => page.workers()).toHaveLength(0);
    expect(problems).toEqual([]);
    await close();
  });

  it("pauses two runs of different speed at the same step", async () => {
    const {page, problems, close} = await open(
      `?${tiny}&steps=100000&b.width=64&probeEvery=0&evaluateEvery=0`,
    );
    await page.getByRole("button", {name: "Train both here"}).click();
    await expect
      .poll(() => statuses(page))
      .toEqual(Array(2).fill(expect.stringMatching(/Step [1-9]\d* of 100000/)));
    await page.getByRole("button", {name: "Pause"}).click();
    await page.getByRole("button", {name: "Go on"}).waitFor();
    const restingSteps = async () =>
      (await statuses(page)).map((line) => Number(/Paused after step (\d+)/.exec(line)?.[1]));
    const [step] = await restingSteps();
    expect(step).toBeGreaterThan(0);
    expect(await restingSteps()).toEqual([step, step]);
    await page.getByRole("button", {name: "One step"}).click();
    await expect.poll(restingSteps).toEqual([step + 1, step + 1]);
    await page.getByRole("button", {name: "Stop"}).click();
    expect(problems).toEqual([]);
    await close();
  });

  it("keeps the focus on the button that goes single steps", async () => {
    const {page, close} = await open(`?${tiny}&compare=no`);
    await page.getByRole("button", {name: "One step"}).focus();
    for (const step of [1, 2, 3]) {
      await page.keyboard.press("Enter");
      await expect
        .poll(() => statuses(page))
        .toEqual([expect.stringMatching(`Paused after step ${step} of 12`)]);
    }
    await close();
  });

  it("can be used from the keyboard: Enter in a field trains, and the address follows", async () => {
    const {page, close} = await open(`?${tiny}&compare=no`);
    const steps = page.locator("[data-key=steps] .run-a");
    await steps.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("9");
    await expect.poll(async () => (await addressParameters(page)).steps).toBe("9");
    await page.keyboard.press("Enter");
    await expect.poll(() => statuses(page)).toEqual([expect.stringMatching(/9 steps in/)]);
    await page.locator("#spread input[type=range]").focus();
    await page.keyboard.press("Home");
    await expect.poll(async () => (await addressParameters(page)).at).toBe("0");
    await close();
  });

  it("reads a text that the reader gives", async () => {
    const {page, problems, close} = await open(`?${tiny}&compare=no`);
    await page.locator("summary", {hasText: "Data and length"}).click();
    await page
      .getByLabel("Your own text", {exact: true})
      .fill("the quick brown fox jumps over the lazy dog ".repeat(40));
    await page.getByRole("button", {name: "Read this text"}).click();
    await page.getByRole("button", {name: "Train here"}).click();
    await expect.poll(() => statuses(page)).toEqual([expect.stringMatching(/12 steps in .* held-out loss/)]);
    expect(problems).toEqual([]);
    await close();
  });

  it("says what the loss is once the weights of the trained model are cast", async () => {
    const {page, problems, close} = await open(`?${tiny}&compare=no&postTraining=int4+row;gptq+int4+row`);
    await page.getByRole("button", {name: "Train here"}).click();
    await expect
      .poll(() => statuses(page))
      .toEqual([
        expect.stringMatching(/held-out loss \d.*cast: int4 row \d[.\d]+, gptq int4 row \d[.\d]+\./),
      ]);
    expect(problems).toEqual([]);
    await close();
  });

  it("opens without the text of an address, and says which one it is", async () => {
    const {page, problems, close} = await open("?corpus=pasted.txt");
    await expect
      .poll(() => statuses(page))
      .toEqual(Array(2).fill(expect.stringMatching(/this tab does not have the text “pasted.txt”/)));
    expect(problems).toEqual([]);
    await close();
  });

  it("says what is impossible beside the field, together or alone, and a model that is too large, before any begins", async () => {
    const {page, problems, close} = await open(`?${tiny}&compare=no`);
    await page.locator("[data-key=width] .run-a").fill("17");
    await expect
      .poll(() => page.locator(".field-error:not(:empty)").allTextContents())
      .toEqual(["2 does not divide width 17"]);
    const train = page.getByRole("button", {name: "Train here"});
    await expect.poll(() => train.isDisabled()).toBe(true);
    await train.focus();
    await page.keyboard.press("Enter");
    expect(trainingWorkers(page)).toHaveLength(0);
    await page.getByRole("button", {name: "Show the setting"}).press("Enter");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toBe("Heads, run A");
    await page.locator("[data-key=width] .run-a").fill("8192");
    await page.locator("[data-key=layers] .run-a").fill("64");
    await expect
      .poll(() => statuses(page))
      .toEqual([expect.stringMatching(/Impossible: the memory does not suffice .*lower width or layers/)]);
    await expect.poll(() => train.isDisabled()).toBe(true);
    await page.locator("[data-key=layers] .run-a").fill("1");
    await page.locator("[data-key=width] .run-a").fill("16");
    await page.locator("[data-key=recipe] .run-a").selectOption("mxfp4");
    await page.locator("summary", {hasText: "Recipe"}).click();
    await page.locator("[data-key=forwardUnit] .run-a").fill("h100-wgmma");
    await expect
      .poll(() => page.locator(".field-error:not(:empty)").allTextContents())
      .toEqual([expect.stringMatching(/^h100-wgmma does not multiply e2m1/)]);
    expect(trainingWorkers(page)).toHaveLength(0);
    expect(problems).toEqual([]);
    await close();
  });

  it.each([390, 768, 1280])("has room for all that its menus can say, %i pixels wide", async (width) => {
    const {page, close} = await open("?postTraining=int4+row", {viewport: {width, height: 900}});
    await page.$$eval(".setting-fold", (folds) => {
      for (const fold of folds) (fold as HTMLDetailsElement).open = true;
    });
    const cut = await page.$$eval(".setting:not([hidden]) select", (menus) =>
      (menus as HTMLSelectElement[]).flatMap((menu) => {
        const {offsetWidth: room} = menu;
        menu.style.width = "max-content";
        const {offsetWidth: wanted} = menu;
        menu.style.width = "";
        return room > 0 && wanted <= room ? [] : [`${menu.getAttribute("aria-label")}: ${wanted} > ${room}`];
      }),
    );
    expect(cut).toEqual([]);
    await close();
  });

  it("moves nothing while it trains on a phone, and keeps its buttons in one line", async () => {
    const {page, close} = await open(`?${tiny}`, phone);
    await page.locator(".lab-bench").evaluate((bench) => bench.scrollIntoView());
    await page.getByRole("button", {name: "Train both here"}).click();
    await page.getByRole("button", {name: "Train both again"}).waitFor();
    const tops = await page.$$eval(".transport-button", (buttons) =>
      buttons.map((button) => button.getBoundingClientRect().top),
    );
    expect(new Set(tops).size).toBe(1);
    expect(await layoutShift(page)).toBeLessThan(0.02);
    await close();
  });

  it("keeps what starts and stops in reach on a phone, and gives axe nothing to object to while it trains", async () => {
    const {page, close} = await open("?steps=100000", phone);
    await page.getByRole("button", {name: "Train both here"}).click();
    await expect
      .poll(() => statuses(page))
      .toEqual([expect.stringMatching(/Step \d+ of 100000/), expect.stringMatching(/Step \d+ of 100000/)]);
    expect(await axeViolations(page)).toEqual([]);
    await page.locator(".setting-fold").last().scrollIntoViewIfNeeded();
    await expect
      .poll(() => page.getByRole("button", {name: "Stop"}).boundingBox())
      .toMatchObject({
        y: expect.closeTo(8, -2),
      });
    await page.getByRole("button", {name: "Stop"}).click();
    await close();
  });
});

const trainingWorkers = (page: Page) => page.workers().filter((worker) => /\/train\./.test(worker.url()));

const statuses = (page: Page): Promise<string[]> =>
  page.$$eval(".run-line:not([hidden])", (lines) => lines.map((line) => line.textContent!));
