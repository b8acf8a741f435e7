import {JSDOM} from "jsdom";

interface StandaloneOptions {
  /** Colour behind the chart; without it the picture is transparent. */
  readonly background?: string;
}

/**
 * Draws a chart without a browser and returns it as the text of an SVG file that stands alone: with namespace, title
 * and size. `draw` gets the document to draw in.
 */
export function standaloneSvg(
  draw: (document: Document) => SVGSVGElement,
  {background}: StandaloneOptions = {},
): string {
  const {window} = new JSDOM("");
  const {document} = window;
  const svg = draw(document);
  const name = svg.getAttribute("aria-label");
  const create = (tag: string, attributes: Record<string, string>, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };
  if (background) svg.prepend(create("rect", {width: "100%", height: "100%", fill: background}));
  if (name) svg.prepend(create("title", {}, name));
  const text = new window.XMLSerializer().serializeToString(svg);
  window.close();
  return `${text}\n`;
}
