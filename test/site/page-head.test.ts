import {JSDOM} from "jsdom";
import {expect, it} from "vitest";
import {pageHead} from "../../tools/site/page-head.js";

const headOf = (title: string, description?: string) =>
  new JSDOM(pageHead({title, data: {description}, path: "/"})).window.document.head;

it("pageHead describes the page with the description of its front matter", () => {
  const head = headOf('"Unit" <scaling>', 'Spread & "scale"');
  expect(head.querySelector("meta[name=description]")?.getAttribute("content")).toBe('Spread & "scale"');
  expect(head.querySelector("meta[property='og:title']")?.getAttribute("content")).toBe('"Unit" <scaling>');
});

it("pageHead carries the icon in itself and a description for pages that have none", () => {
  const head = headOf("Bitscape");
  expect(head.querySelector("link[rel=icon]")?.getAttribute("href")).toMatch(/^data:image\/svg\+xml,/);
  expect(head.querySelector("meta[name=description]")?.getAttribute("content")).not.toBe("");
});
