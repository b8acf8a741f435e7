/** A chart as the text of an SVG file that stands alone: with its namespace, and its name as title. */
export function svgFile(chart: SVGSVGElement, {background}: {background: string}): string {
  const {ownerDocument: document} = chart;
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const create = (name: string) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const ground = create("rect");
  for (const [name, value] of Object.entries({width: "100%", height: "100%", fill: background})) {
    ground.setAttribute(name, value);
  }
  const title = create("title");
  title.textContent = copy.getAttribute("aria-label");
  copy.prepend(title, ground);
  return new document.defaultView!.XMLSerializer().serializeToString(copy);
}
