import {readFileSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import {JSDOM} from "jsdom";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, expect, it} from "vitest";
import {serve} from "../../tools/site/serve.js";
import {describeInBrowser, type OpenPage, openPage, settled} from "./browser.js";
import {buildTimeout, builtSite} from "./built-site.js";

/** A page of somebody else, on an origin of its own. */
async function serveHost(body: string): Promise<{url: string; close: () => void}> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(
      `<!DOCTYPE html><html lang="en"><title>Report</title><link rel="icon" href="data:,"><body>${body}`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  return {url: `http://127.0.0.1:${port}/`, close: () => server.close()};
}

describeInBrowser("the headline chart on a page of another origin", (browser) => {
  let folder: string;
  let site: Awaited<ReturnType<typeof serve>>;
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    folder = await builtSite();
    site = await serve(folder, {cors: true});
  }, buildTimeout);

  afterAll(async () => {
    for (const close of closing) await close();
    await site?.close();
  });

  async function open(body: string, options: Parameters<typeof openPage>[2] = {}): Promise<OpenPage> {
    const host = await serveHost(body.replaceAll("SITE/", site.url));
    closing.push(host.close);
    const opened = await openPage(browser(), host.url, {origins: [new URL(site.url).origin], ...options});
    closing.unshift(opened.close);
    return opened;
  }

  const marks = (page: Page, selector: string) => page.locator(`${selector} svg circle`).count();
  const textColour = (page: Page) =>
    page.locator("bitscape-variance svg").evaluate((svg) => getComputedStyle(svg).color);

  it("is a custom element in one request, as wide as its room", async () => {
    const requests: string[] = [];
    const {page, problems} = await open(
      `<script type="module" src="SITE/embed/variance.js"></script>
       <div style="width: 640px"><bitscape-variance></bitscape-variance></div>`,
    );
    page.on("request", (request) => requests.push(request.url()));
    await page.reload({waitUntil: "networkidle"});
    await settled(page);
    expect(problems).toEqual([]);
    expect(requests.filter((url) => url.startsWith(site.url))).toEqual([`${site.url}embed/variance.js`]);
    expect(await marks(page, "bitscape-variance")).toBeGreaterThan(20);
    expect(await page.locator("bitscape-variance svg").getAttribute("width")).toBe("640");
    await page.locator("div").evaluate((room) => {
      room.style.width = "500px";
    });
    await page.waitForSelector("bitscape-variance svg[width='500']");
  });

  it("follows the colour scheme unless a theme is given, and the attributes when they change", async () => {
    const {page} = await open(
      `<script type="module" src="SITE/embed/variance.js"></script><bitscape-variance></bitscape-variance>`,
      {colorScheme: "dark"},
    );
    const dark = await textColour(page);
    await page.emulateMedia({colorScheme: "light"});
    await expect.poll(() => textColour(page)).not.toBe(dark);
    await page.locator("bitscape-variance").evaluate((element) => element.setAttribute("theme", "dark"));
    await expect.poll(() => textColour(page)).toBe(dark);
    const initial = await page.locator("bitscape-variance").innerHTML();
    await page.locator("bitscape-variance").evaluate((element) => element.setAttribute("stage", "trained"));
    await expect.poll(() => page.locator("bitscape-variance").innerHTML()).not.toBe(initial);
  });

  it("is a widget for notebooks, and a function", async () => {
    const {page, problems} = await open(
      `<div id="widget"></div><div id="call"></div>
       <script type="module">
         import widget, {chart} from "SITE/embed/variance.js";
         widget.render({el: document.querySelector("#widget")});
         document.querySelector("#call").append(chart({width: 400, schemes: ["unit"], theme: "light"}));
       </script>`,
    );
    expect(problems).toEqual([]);
    expect(await marks(page, "#widget")).toBeGreaterThan(await marks(page, "#call"));
    expect(await page.locator("#call svg").getAttribute("width")).toBe("400");
  });

  it("is a picture that needs nothing but its file, light and dark", async () => {
    const {page, problems} = await open(
      `<img id="light" src="SITE/charts/variance.svg"><img id="dark" src="SITE/charts/variance-dark.svg">`,
    );
    expect(problems).toEqual([]);
    const widths = await page.$$eval("img", (images) => images.map(({naturalWidth}) => naturalWidth));
    expect(widths).toEqual([960, 960]);
    const colours = ["variance.svg", "variance-dark.svg"].map((name) => {
      const text = readFileSync(join(folder, "charts", name), "utf8");
      const svg = new JSDOM(text, {contentType: "image/svg+xml"}).window.document.documentElement;
      expect(svg.namespaceURI).toBe("http://www.w3.org/2000/svg");
      expect(svg.getAttribute("viewBox")).toMatch(/^0 0 960 \d/);
      expect(svg.querySelector("title")?.textContent).toContain("spread");
      expect(svg.querySelectorAll("circle").length).toBeGreaterThan(20);
      expect(text).not.toMatch(/url\(|@import|href=|var\(--(?!plot-)/);
      return svg.querySelector("rect")?.getAttribute("fill");
    });
    expect(new Set(colours).size).toBe(2);
  });
});
