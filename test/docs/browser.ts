import {existsSync} from "node:fs";
import {createRequire} from "node:module";
import {type Browser, type BrowserContextOptions, chromium, type Locator, type Page} from "playwright-core";
import {afterAll, beforeAll, describe, it} from "vitest";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executable = [process.env.CHROMIUM, ...candidates].find((path) => path && existsSync(path));
const isRequired = process.env.BITSCAPE_REQUIRE_BROWSER === "1";

/** Milliseconds for whatever a page or the browser is to do: a busy machine takes many times as long. */
const patience = 120_000;

/** Keep the browser from talking to anyone but the page's server, and its pictures the same everywhere. */
const launchArguments = [
  ...[
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
  ],
  ...[
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-domain-reliability",
    "--disable-dev-shm-usage",
  ],
  ...["--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb", "--hide-scrollbars"],
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/**
 * Tests that need a browser; they get a function that returns it. Without a Chromium they are skipped and say so, or
 * fail where BITSCAPE_REQUIRE_BROWSER is 1.
 */
export function describeInBrowser(name: string, define: (browser: () => Browser) => void): void {
  if (!executable) {
    const reason = `no Chromium at ${candidates.join(", ")} or $CHROMIUM`;
    it.skipIf(!isRequired)(`${name}: needs a browser (${reason})`, () => {
      throw new Error(reason);
    });
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: executable,
        args: launchArguments,
        timeout: patience,
      });
    });
    afterAll(() => browser?.close());
    define(() => browser);
  });
}

/** A telephone, for a context of the browser. */
export const phone = {
  viewport: {width: 390, height: 844},
  ...{deviceScaleFactor: 1, hasTouch: true, isMobile: true},
};

/** A page, and everything that went wrong on it so far. */
export interface OpenPage {
  readonly page: Page;
  /** Console errors, exceptions, failed requests and requests to origins not expected, one line for each. */
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Origins besides the page's own that it may ask. */
  readonly origins?: readonly string[];
}

/** Opens an address in a fresh profile and waits until every cell has run. Motion is reduced unless said otherwise. */
export async function openPage(
  browser: Browser,
  url: string,
  {origins = [], ...options}: OpenOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({reducedMotion: "reduce", ...options});
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const problems: string[] = [];
  const allowed = [new URL(url).origin, ...origins];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const {protocol, origin} = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && !allowed.includes(origin))
      problems.push(`foreign: ${request.url()}`);
  });
  await page.goto(url, {waitUntil: "networkidle"});
  await settled(page);
  return {page, problems, close: () => context.close()};
}

/** Waits until no cell is loading and two frames have been drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector("observablehq-loading"));
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/**
 * The query of the address as the page itself has it. `page.url()` is told later, by an event of the browser's process,
 * and may be the address as it was before the last key.
 */
export const addressQuery = (page: Page): Promise<string> => page.evaluate(() => location.search);

/** The parameters of {@link addressQuery}, by name. */
export const addressParameters = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(() => Object.fromEntries(new URLSearchParams(location.search)));

/** Where the element is in the window, once it was scrolled into view and nothing moves it any more. */
export async function placeOf(element: Locator): Promise<DOMRect> {
  await element.scrollIntoViewIfNeeded();
  await settled(element.page());
  return element.evaluate((found) => found.getBoundingClientRect().toJSON());
}

/** How far what stood on the page has moved so far without being asked to: the sum of its layout shifts. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({type: "layout-shift", buffered: true});
    const shifts = observer.takeRecords() as (PerformanceEntry & {readonly value: number})[];
    observer.disconnect();
    return shifts.reduce((sum, {value}) => sum + value, 0);
  });

/** Texts of charts that leave the picture they belong to, and so are cut off or run into their neighbours. */
export const textsOutside = (page: Page): Promise<string[]> =>
  page.$$eval("main svg", (pictures) =>
    pictures
      .filter((picture) => !picture.parentElement!.closest("svg"))
      .flatMap((picture) => {
        const room = picture.getBoundingClientRect();
        return [...picture.querySelectorAll("text")].flatMap((text) => {
          const {left, right, top, bottom, width} = text.getBoundingClientRect();
          const over = Math.max(room.left - left, right - room.right, room.top - top, bottom - room.bottom);
          if (width === 0 || over <= 1) return [];
          const figure = picture.closest("[id]")?.id ?? "?";
          return [`${figure}: "${text.textContent}" by ${over.toFixed(1)} pixels`];
        });
      }),
  );

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Axe {
  readonly axe: {run(options: {resultTypes: ["violations"]}): Promise<{violations: Violation[]}>};
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly {readonly target: readonly unknown[]; readonly failureSummary: string}[];
}

/** What axe finds on the page, one line for each rule broken, with the first element that breaks it. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({path: axe});
  // Asked for what it finds alone, axe does not describe the thousands of elements that are as they should be.
  const {violations} = await page.evaluate(() =>
    (globalThis as unknown as Axe).axe.run({resultTypes: ["violations"]}),
  );
  return violations.map(({id, nodes: [{target, failureSummary}, ...others]}) => {
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    return `${id} at ${target.join(" ")}${more}: ${failureSummary.replaceAll(/\s+/g, " ")}`;
  });
}
