// The one-file module published at /embed/surface.js: a loss surface of the published laws, and a custom element.
import {darkPalette, lightPalette, type Palette} from "../components/palette.js";
import {perFrame} from "../components/per-frame.js";
import {surfaceChart} from "../components/surface-chart.js";
import {publishedSurfaces} from "../components/surface-laws.js";
import {surfacePlot} from "../components/surface-plot.js";
import {surfaceReadout} from "../components/surface-sentences.js";
import {blankTexts, type SurfaceTexts, surfaceView} from "../components/surface-state.js";

type Theme = "light" | "dark" | "auto";

interface ChartOptions extends Partial<SurfaceTexts> {
  /** In pixels. */
  readonly width?: number;
  /** `auto` follows the reader's colour scheme. */
  readonly theme?: Theme;
}

const laws = publishedSurfaces();
const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const isDark = (theme: string): boolean =>
  theme === "light" || theme === "dark" ? theme === "dark" : darkScheme.matches;
const viewOf = (texts: Partial<SurfaceTexts>) => surfaceView({...blankTexts, ...texts}, {laws, runs: []});

/** The surface as a still SVG element on a transparent background. */
export function chart({theme = "auto", width, ...texts}: ChartOptions = {}): SVGSVGElement {
  return surfaceChart(viewOf(texts), {width, palette: isDark(theme) ? darkPalette : lightPalette});
}

const colors = ({background, ink, muted, rule, backward}: Palette): string =>
  `--theme-background:${background};--theme-foreground:${ink};--theme-foreground-muted:${muted};` +
  `--bitscape-rule:${rule};--bitscape-backward:${backward};color:${ink};`;

/** The rules of the site's style sheet that the plot needs. */
const style = `
:host { display: block; font: 15px/1.5 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
.surface-plot, .surface-picture { position: relative; }
.surface-picture svg { display: block; }
.surface-picture { cursor: crosshair; }
.surface-colours { position: absolute; overflow: hidden;
  background: repeating-linear-gradient(135deg, var(--bitscape-rule) 0 1.2px, transparent 1.2px 7px); }
.surface-colours canvas { position: absolute; max-width: none; }
.budget-grab { cursor: move; touch-action: none; }
.surface-handle { position: absolute; top: 0; left: 0; box-sizing: border-box; cursor: grab; touch-action: none; user-select: none; }
.surface-handle[hidden] { display: none; }
.surface-point { width: 36px; height: 36px; margin: -18px 0 0 -18px; border-radius: 50%; }
.surface-point::before { content: ""; position: absolute; inset: 8px; border: 2.5px solid #10131a; border-radius: 50%;
  box-shadow: 0 0 0 2px #fff, inset 0 0 0 2px #fff; }
.surface-budget { margin: -14px 0 0 10px; padding: 0.25rem 0.55rem; border-radius: 6px; background: #10131a; color: #fff;
  font-weight: 600; font-size: 12px; line-height: 1.3; white-space: nowrap; }
p { margin: 0.25rem 0; }
`;

/**
 * `<bitscape-surface law="kumar" x="parameters" y="bits" budget="memory" theme="auto">`: every attribute is optional, and
 * named like what stands after the dot in the addresses of the page on bit allocation.
 */
class SurfaceElement extends HTMLElement {
  static readonly observedAttributes = ["theme", ...Object.keys(blankTexts)];
  #texts: SurfaceTexts = blankTexts;
  #refresh: (() => void) | undefined;
  #stop: (() => void) | undefined;

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({mode: "open"});
    this.#texts = {...blankTexts, ...this.#attributes()};
    let known: {texts: SurfaceTexts; view: ReturnType<typeof viewOf>} | undefined;
    const view = () => {
      if (known?.texts !== this.#texts) known = {texts: this.#texts, view: viewOf(this.#texts)};
      return known.view;
    };
    const change = (changes: Partial<SurfaceTexts>) => {
      this.#texts = {...this.#texts, ...changes};
      this.#refresh?.();
    };
    const plot = surfacePlot({
      view,
      onPoint: (values) =>
        change(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))),
      onBudget: (amount) => change({amount: String(amount)}),
    });
    const room = document.createElement("div");
    const readout = document.createElement("div");
    const sheet = document.createElement("style");
    sheet.textContent = style;
    room.append(plot.element);
    root.replaceChildren(sheet, room, readout);
    const draw = () => {
      const width = Math.floor(this.clientWidth);
      if (width === 0 || !this.isConnected) return;
      room.style.cssText = colors(isDark(this.getAttribute("theme") ?? "auto") ? darkPalette : lightPalette);
      readout.style.cssText = room.style.cssText;
      plot.draw(width);
      readout.replaceChildren(
        ...surfaceReadout(view(), plot.field()).map((sentence) => {
          const line = document.createElement("p");
          line.textContent = sentence;
          return line;
        }),
      );
    };
    this.#refresh = perFrame(draw);
    const observer = new ResizeObserver(draw);
    observer.observe(this);
    darkScheme.addEventListener("change", draw);
    this.#stop = () => {
      observer.disconnect();
      darkScheme.removeEventListener("change", draw);
    };
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#refresh = undefined;
  }

  attributeChangedCallback() {
    this.#texts = {...this.#texts, ...this.#attributes()};
    this.#refresh?.();
  }

  #attributes(): Partial<SurfaceTexts> {
    const names = Object.keys(blankTexts).filter((name) => this.hasAttribute(name));
    return Object.fromEntries(names.map((name) => [name, this.getAttribute(name)!]));
  }
}

if (!customElements.get("bitscape-surface")) customElements.define("bitscape-surface", SurfaceElement);

/** The contract of anywidget, for notebooks: draws into `el` and returns how to stop. */
function render({el}: {el: HTMLElement}): () => void {
  const element = document.createElement("bitscape-surface");
  el.replaceChildren(element);
  return () => element.remove();
}

export default {render};
