// The one-file module published at /embed/variance.js: the chart, its data and a custom element.
import {darkPalette, lightPalette} from "../components/palette.js";
import {type VarianceChartOptions, varianceChart} from "../components/variance-chart.js";
import type {VarianceRow} from "../components/variance-row.js";

/** Put in by the loader: the columns of the dataset that the chart uses. */
declare const embeddedColumns: Record<string, readonly unknown[]>;

type Theme = "light" | "dark" | "auto";

export interface ChartOptions extends Omit<VarianceChartOptions, "palette"> {
  /** `auto` follows the reader's colour scheme. */
  readonly theme?: Theme;
}

const rows = toRows(embeddedColumns) as unknown as readonly VarianceRow[];
const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/** The chart as an SVG element on a transparent background. */
export function chart({theme = "auto", ...options}: ChartOptions = {}): SVGSVGElement {
  const isDark = theme === "auto" ? darkScheme.matches : theme === "dark";
  return varianceChart(rows, {...options, palette: isDark ? darkPalette : lightPalette});
}

/** Draws the chart into an element, as wide as that is, and again when width or colour scheme change. */
function drawInto(element: HTMLElement, options: () => ChartOptions): {redraw: () => void; stop: () => void} {
  let drawnWidth = 0;
  const redraw = () => {
    drawnWidth = Math.floor(element.clientWidth);
    if (drawnWidth > 0) element.replaceChildren(chart({...options(), width: drawnWidth}));
  };
  const observer = new ResizeObserver(() => {
    if (Math.floor(element.clientWidth) !== drawnWidth) redraw();
  });
  observer.observe(element);
  darkScheme.addEventListener("change", redraw);
  const stop = () => {
    observer.disconnect();
    darkScheme.removeEventListener("change", redraw);
  };
  return {redraw, stop};
}

/** `<bitscape-variance theme="auto" stage="initial" recipe="fp32">`: every attribute is optional. */
class VarianceElement extends HTMLElement {
  static readonly observedAttributes = ["theme", "stage", "recipe"];
  #drawing: ReturnType<typeof drawInto> | undefined;

  connectedCallback() {
    this.style.display = "block";
    this.#drawing = drawInto(this, () => this.#options());
  }

  disconnectedCallback() {
    this.#drawing?.stop();
    this.#drawing = undefined;
  }

  attributeChangedCallback() {
    this.#drawing?.redraw();
  }

  #options(): ChartOptions {
    const names = VarianceElement.observedAttributes.filter((name) => this.hasAttribute(name));
    return Object.fromEntries(names.map((name) => [name, this.getAttribute(name)!]));
  }
}

if (!customElements.get("bitscape-variance")) customElements.define("bitscape-variance", VarianceElement);

/** The contract of anywidget, for notebooks: draws into `el` and returns how to stop. */
function render({el}: {el: HTMLElement}): () => void {
  return drawInto(el, () => ({})).stop;
}

export default {render};

function toRows(columns: Record<string, readonly unknown[]>): Record<string, unknown>[] {
  const entries = Object.entries(columns);
  return entries[0][1].map((_, i) => Object.fromEntries(entries.map(([name, values]) => [name, values[i]])));
}
