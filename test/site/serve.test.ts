import {expect, it, onTestFinished} from "vitest";
import {serve} from "../../tools/site/serve.js";
import {temporaryProject} from "./temporary-project.js";

const files = {
  "dist/index.html": "home",
  "dist/page.html": "page",
  "dist/folder/index.html": "folder",
  "dist/data.arrow": "arrow",
  "dist/module.js": "script",
  "outside.txt": "secret",
};

async function serveFiles(options: Parameters<typeof serve>[1]): Promise<string> {
  const {url, close} = await serve(`${temporaryProject(files)}/dist`, options);
  onTestFinished(close);
  return url;
}

it("serve answers clean addresses", async () => {
  const url = await serveFiles({});
  const texts = ["", "page", "page.html", "folder/", "folder"].map(async (path) =>
    (await fetch(url + path)).text(),
  );
  expect(await Promise.all(texts)).toEqual(["home", "page", "page", "folder", "folder"]);
});

it("serve tells the types that browsers insist on", async () => {
  const url = await serveFiles({});
  expect((await fetch(`${url}module.js`)).headers.get("content-type")).toMatch(/^text\/javascript/);
  expect((await fetch(`${url}data.arrow`)).headers.get("content-type")).toMatch(/arrow/);
});

it("serve answers 404 for what is missing and for what lies outside the folder", async () => {
  const url = await serveFiles({});
  expect((await fetch(`${url}missing`)).status).toBe(404);
  expect((await fetch(`${url}%2e%2e%2foutside.txt`)).status).toBe(404);
  expect((await fetch(`${url}%zz`)).status).toBe(404);
});

it("serve puts the site below a base path and lets other origins in when asked to", async () => {
  const url = await serveFiles({base: "/project/", cors: true});
  const response = await fetch(`${url}page`);
  expect(await response.text()).toBe("page");
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect((await fetch(new URL("/page", url))).status).toBe(404);
});
