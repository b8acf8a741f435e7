import {JSDOM} from "jsdom";
import {expect, it} from "vitest";
import {standaloneSvg} from "../../tools/site/standalone-svg.js";

function drawing(document: Document): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 10");
  svg.setAttribute("aria-label", "What is <seen> & said");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "circle"));
  return svg;
}

const parse = (text: string): Element =>
  new JSDOM(text, {contentType: "image/svg+xml"}).window.document.documentElement;

it("standaloneSvg writes a file that is SVG by itself, with its title first", () => {
  const svg = parse(standaloneSvg(drawing));
  expect(svg.namespaceURI).toBe("http://www.w3.org/2000/svg");
  expect(svg.getAttribute("viewBox")).toBe("0 0 20 10");
  expect(Array.from(svg.children, ({tagName}) => tagName)).toEqual(["title", "circle"]);
  expect(svg.firstElementChild?.textContent).toBe("What is <seen> & said");
});

it("standaloneSvg puts the background below everything", () => {
  const svg = parse(standaloneSvg(drawing, {background: "#16181c"}));
  expect(Array.from(svg.children, ({tagName}) => tagName)).toEqual(["title", "rect", "circle"]);
  expect(svg.querySelector("rect")?.getAttribute("fill")).toBe("#16181c");
});
