import type {Page} from "playwright-core";
import {expect, it} from "vitest";
import {
  addressParameters,
  addressQuery,
  axeViolations,
  layoutShift,
  phone,
  placeOf,
  settled,
} from "./browser.js";
import {describePage} from "./describe-page.js";

const desk = {viewport: {width: 1280, height: 800}};

describePage("the page on formats", "formats", (open) => {
  it("turns bits by a press and by a drag, and the address brings the same bits back", async () => {
    const {page, problems, close} = await open();
    await expect.poll(() => bits(page)).toBe("00011101");
    await page.locator("#touch button.bit").first().click();
    await settled(page);
    await expect.poll(() => bits(page)).toBe("10011101");
    const [from, to] = await places(page, [1, 4]);
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(to.x + 10, to.y + 10, {steps: 8});
    await page.mouse.up();
    await settled(page);
    await expect.poll(() => bits(page)).toBe("11111101");
    await expect.poll(() => addressQuery(page)).toBe("?value=-416");
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    await expect.poll(() => bits(page)).toBe("11111101");
    await page.locator("#touch").getByRole("button", {name: "Reset"}).click();
    await settled(page);
    await expect.poll(() => bits(page)).toBe("00011101");
    await expect.poll(() => addressQuery(page)).toBe("");
    expect(problems).toEqual([]);
    await close();
  });

  it("moves the boundary between exponent and mantissa by a drag", async () => {
    const {page, close} = await open();
    const handle = page.getByRole("slider", {name: /^Boundary/});
    const box = await placeOf(handle);
    const [{width: pitch}] = await places(page, [0]);
    await page.mouse.move(box.x + 5, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 5 + pitch, box.y + 10, {steps: 4});
    await settled(page);
    await expect.poll(() => page.inputValue("#format")).toBe("e5m2fn");
    await page.mouse.move(box.x + 5 - 2 * pitch, box.y + 10, {steps: 8});
    await page.mouse.up();
    await settled(page);
    await expect.poll(() => page.inputValue("#format")).toBe("e2m5fn");
    await expect.poll(async () => (await addressParameters(page)).format).toBe("e2m5fn");
    await close();
  });

  it("paints bits with a finger", async () => {
    const {page, close} = await open("", phone);
    const [from, to] = (await places(page, [1, 4])).map(({x, y}) => ({x: x + 10, y: y + 20}));
    const devtools = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: {x: number; y: number}[]) =>
      devtools.send("Input.dispatchTouchEvent", {type, touchPoints});
    await touch("touchStart", [from]);
    for (let i = 1; i <= 10; i++) {
      await touch("touchMove", [{x: from.x + ((to.x - from.x) * i) / 10, y: from.y}]);
    }
    await touch("touchEnd", []);
    await settled(page);
    await expect.poll(() => bits(page)).toBe("01111101");
    await close();
  });

  it("can be used from the keyboard: format, value, bits, handle", async () => {
    const {page, problems, close} = await open();
    await page.locator("#format").focus();
    await page.keyboard.type("e5m6");
    await page.keyboard.press("Enter");
    await settled(page);
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate(() => document.activeElement!.id)).toBe("value");
    await page.keyboard.type("1");
    await page.keyboard.press("ArrowUp");
    await settled(page);
    await expect.poll(() => page.inputValue("#value")).toBe("1.015625");
    for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
    await expect
      .poll(() => page.evaluate(() => document.activeElement!.getAttribute("aria-label")))
      .toBe("sign, ±");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Space");
    await settled(page);
    await expect.poll(() => bits(page)).toBe("111111000001");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowLeft");
    await settled(page);
    await expect.poll(() => page.inputValue("#format")).toBe("e4m7");
    expect(problems).toEqual([]);
    await close();
  });

  it("chooses from the list of formats, and says what is wrong with a name", async () => {
    const {page, close} = await open();
    await page.locator("#touch .combobox button").click();
    await page.getByRole("option", {name: /^fp16 /}).click();
    await settled(page);
    await expect.poll(() => page.locator("#touch button.bit").count()).toBe(16);
    await page.fill("#format", "e9m30");
    await page.waitForSelector("#format-error:has-text('impossible format')");
    await close();
  });

  it("chooses the stroke that is clicked on the number line, and compares two formats", async () => {
    const {page, close} = await open("?format=e2m1&versus=none");
    const chart = page.locator("#line svg");
    const box = await placeOf(chart);
    // The line ends at 8, 14 pixels from the edge, and has four binades: 6 is in the middle of the last one.
    await chart.click({position: {x: 14 + (3.5 / 4) * (box.width - 28), y: 70}});
    await settled(page);
    await expect.poll(async () => (await addressParameters(page)).value).toBe("6");
    await page.fill("#versus", "e3m2");
    await page.keyboard.press("Enter");
    await settled(page);
    await expect.poll(() => chart.getAttribute("aria-label")).toContain("of them are in both");
    await close();
  });

  it("ignores what an address asks for and does not exist", async () => {
    const {page, problems, close} = await open("?format=e99m1&value=ten&versus=nothing&rounding=sideways");
    await expect.poll(() => bits(page)).toBe("00011101");
    expect(problems).toEqual([]);
    await close();
  });

  it.each([
    ["on a desk, light", {...desk, colorScheme: "light" as const}],
    ["on a desk, dark", {...desk, colorScheme: "dark" as const}],
    ["on a phone, light", {...phone, colorScheme: "light" as const}],
    ["on a phone, dark", {...phone, colorScheme: "dark" as const}],
  ])("gives axe nothing to object to, also with an open list and many bits, %s", async (_, options) => {
    const {page, close} = await open("?format=fp64&value=0.1&versus=bf16", options);
    await page.locator("#touch .combobox button").click();
    expect(await axeViolations(page)).toEqual([]);
    await close();
  });

  it.each([
    ["on a phone", phone],
    ["on a desk", desk],
  ])(
    "moves nothing while it loads, fits, and everything to press is large enough, %s",
    async (_, options) => {
      for (const query of ["", "?format=fp64&value=1e-320", "?format=dynamic8&versus=int8"]) {
        const {page, close} = await open(query, options);
        if (query === "") expect(await layoutShift(page)).toBeLessThan(0.02);
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(wide, query).toBe(0);
        const small = await page.$$eval(
          "#observablehq-main :is(button, summary, input:not([type=radio]), select, [role=slider])",
          (elements) =>
            elements
              .filter((element) => element.checkVisibility())
              .map((element) => ({
                name: element.outerHTML.slice(0, 90),
                ...element.getBoundingClientRect().toJSON(),
              }))
              .filter(({width, height}) => width < 24 || height < 24)
              .map(({name}) => name),
        );
        expect(small, query).toEqual([]);
        await close();
      }
    },
  );
});

/** Where cells of the value are, none of which scrolls another one away. */
const places = async (page: Page, cells: readonly number[]): Promise<DOMRect[]> => {
  await placeOf(page.locator("#touch button.bit").first());
  return page.$$eval(
    "#touch button.bit",
    (all, cells) => cells.map((i) => all[i].getBoundingClientRect().toJSON()),
    cells,
  );
};

const bits = (page: Page): Promise<string> =>
  page.$$eval("#touch button.bit", (cells) =>
    cells.map((cell) => (cell as HTMLElement).dataset.bit).join(""),
  );
