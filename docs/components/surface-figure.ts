import {variables} from "../src/laws/variables.js";
import {chartFigure} from "./chart-figure.js";
import {choiceGroup} from "./choice-group.js";
import {elementMaker} from "./element-maker.js";
import {perFrame} from "./per-frame.js";
import type {Axis, AxisName} from "./surface-axis.js";
import {roundedValue, valueAt} from "./surface-axis.js";
import {budgets, budgetsOf} from "./surface-budget.js";
import {surfaceChart} from "./surface-chart.js";
import {surfaceEmbed} from "./surface-embed.js";
import {axisOf} from "./surface-law.js";
import {surfacePlot} from "./surface-plot.js";
import {allSurfaceRows, type SurfaceRow, surfaceColumns, surfaceRows} from "./surface-rows.js";
import {surfaceReadout} from "./surface-sentences.js";
import {
  axisNames,
  blankTexts,
  canCompare,
  canMeet,
  type SurfaceState,
  type SurfaceTexts,
} from "./surface-state.js";
import {
  planeOf,
  type SurfaceLayer,
  type SurfaceView,
  shownBudget,
  spendingOf,
  surfaceLayers,
} from "./surface-view.js";
import {listText} from "./toggle-control.js";
import {valueSlider} from "./value-slider.js";

/** What stands beside the picture at once; the rest waits below a heading. */
export type SurfaceControl =
  | "law"
  | "against"
  | "axes"
  | "shown"
  | "budget"
  | "compute"
  | "layers"
  | AxisName;

interface SurfaceFigureOptions {
  readonly caption: string;
  readonly title: string;
  /** Controls in front, in this order. */
  readonly front: readonly SurfaceControl[];
  readonly document?: Document;
}

const layerLabels: Readonly<Record<SurfaceLayer, string>> = {
  lines: "iso-loss lines",
  runs: "measured runs",
  range: "range of the fit",
  budget: "budget",
  slices: "slices",
};

const compute = {
  name: "tokens",
  symbol: "C",
  title: "Compute for training",
  scale: "log",
  integer: false,
  range: [1e18, 1e27],
} as const satisfies Axis;

/** A loss surface with all of its controls and what it says in words. */
export function surfaceFigure(
  state: SurfaceState,
  {caption, title, front, document = globalThis.document}: SurfaceFigureOptions,
): HTMLElement {
  const make = elementMaker(document);
  const {id} = state;
  const updates: ((view: SurfaceView) => void)[] = [];
  const plot = surfacePlot({
    view: state.view,
    onPoint: state.setValues,
    onBudget: (amount) => state.set({amount: String(amount)}),
    document,
  });
  const controls: Readonly<Record<string, readonly HTMLElement[]>> = {
    law: [
      menu(
        "Law",
        (view) => view.surface.key,
        (law) => state.set({law}),
        () => state.laws.map(({key, title}) => [key, title]),
      ),
    ],
    against: [
      menu(
        "Compared with",
        (view) => view.against?.key ?? "",
        (against) => state.set({against}),
        (view) => [
          ["", "nothing"],
          ...state.laws
            .filter(({key}) => canCompare(view.surface, key, state.laws))
            .map(({key, title}) => [key, title] as const),
        ],
      ),
    ],
    axes: [
      menu(
        "Across",
        (view) => view.x.name,
        (x) => state.set(crossed(state.view(), x as AxisName, "x")),
        (view) => axisOptions(view),
      ),
      menu(
        "Up",
        (view) => view.y.name,
        (y) => state.set(crossed(state.view(), y as AxisName, "y")),
        (view) => axisOptions(view),
      ),
    ],
    shown: [
      menu(
        "Shown",
        (view) => view.shown,
        (shown) => state.set({shown}),
        () => [
          ["loss", "loss"],
          ["rise", "rise through rounding"],
        ],
      ),
    ],
    budget: [
      menu(
        "Budget",
        (view) => shownBudget(view)?.budget.name ?? "",
        (budget) => state.set({budget, amount: ""}),
        (view) => [["", "none"], ...budgetsOf(planeOf(view)).map(({name, title}) => [name, title] as const)],
      ),
      optimumButton(),
    ],
    compute: [
      menu(
        "Tokens",
        (view) => (view.compute === null ? "" : "compute"),
        (chosen) => state.set({compute: chosen ? "1e21" : ""}),
        (view) =>
          view.surface.scale === "ours"
            ? [["", "as set"]]
            : [
                ["", "as set"],
                ["compute", "what the compute leaves"],
              ],
      ),
      computeSlider(),
    ],
    layers: [layerBoxes()],
    ...Object.fromEntries(axisNames.map((name) => [name, [slider(name)]])),
  };
  const back = Object.keys(controls).filter((name) => !front.includes(name as SurfaceControl));
  const reset = make("button", {type: "button"}, "Reset");
  reset.addEventListener("click", state.reset);
  const readout = make("div", {class: "surface-readout"});
  const more = make(
    "details",
    {class: "surface-more"},
    make("summary", {}, "More: law, axes, layers, all variables"),
    make("div", {class: "chart-controls"}, ...back.flatMap((name) => controls[name]), reset),
  );

  const figure = chartFigure<SurfaceRow>({
    id,
    caption,
    source: () => sourceText(title, state.view()),
    controls: front.flatMap((name) => controls[name]),
    draw: (options) => surfaceChart(state.view(), options),
    living: plot,
    data: () => {
      const view = state.view();
      const field = plot.field();
      return {
        caption:
          "The point, the measured runs on this plane, and the law at the ticks of both axes; the CSV file has more of the law",
        rows: surfaceRows(view, field),
        allRows: allSurfaceRows(view, field),
        columns: surfaceColumns(view),
      };
    },
    // The embed has the published laws, not our runs.
    embeds:
      state.view().surface.scale === "published"
        ? {module: () => surfaceEmbed(new URL(".", document.location.href).href, embeddable(state.texts()))}
        : {},
    document,
  });
  figure.element.querySelector(".chart-canvas")!.after(readout, more);
  const update = () => {
    const view = state.view();
    for (const change of updates) change(view);
    figure.update();
    readout.replaceChildren(...surfaceReadout(view, plot.field()).map((sentence) => make("p", {}, sentence)));
  };
  state.subscribe(perFrame(update, document.defaultView!));
  for (const change of updates) change(state.view());
  return figure.element;

  function menu(
    label: string,
    value: (view: SurfaceView) => string,
    choose: (value: string) => void,
    options: (view: SurfaceView) => readonly (readonly [string, string])[],
  ): HTMLElement {
    const select = make("select");
    select.addEventListener("change", () => choose(select.value));
    let offered = "";
    updates.push((view) => {
      const list = options(view);
      const key = list.map(([name]) => name).join();
      if (key !== offered)
        select.replaceChildren(...list.map(([name, text]) => make("option", {value: name}, text)));
      offered = key;
      select.value = value(view);
    });
    return make("label", {class: "select-control"}, make("span", {}, label), select);
  }

  function axisOptions(view: SurfaceView): (readonly [string, string])[] {
    return view.surface.axes.map(({name, title}) => [name, title]);
  }

  function slider(name: AxisName): HTMLElement {
    const {element, update: show} = valueSlider((value) => state.setValues({[name]: value}), {document});
    updates.push((view) => {
      const axis = axisOf(view.surface, name);
      const isOnAxis = name === view.x.name || name === view.y.name;
      element.hidden = !axis || !counts(view, name);
      if (!axis || element.hidden) return;
      const without = name === "bits" ? Number.POSITIVE_INFINITY : variables[name].without;
      show(axis, view.values[name]!, {mayBeWithout: without === Number.POSITIVE_INFINITY && !isOnAxis});
    });
    return element;
  }

  function computeSlider(): HTMLElement {
    const {element, update: show} = valueSlider((value) => state.set({compute: String(value)}), {document});
    updates.push((view) => {
      element.hidden = view.compute === null;
      if (view.compute !== null) show(compute, view.compute, {mayBeWithout: false});
      const output = element.querySelector("output")!;
      if (view.compute !== null) output.textContent = budgets.compute.text(view.compute);
    });
    return element;
  }

  function optimumButton(): HTMLElement {
    const button = make("button", {type: "button"}, "Go to its optimum");
    button.addEventListener("click", () => {
      const view = state.view();
      const spending = spendingOf(view);
      if (!spending?.optimum) return;
      const {optimum, amount} = spending;
      const {x, y} = view;
      state.set({amount: String(amount)});
      state.setValues({
        [x.name]: roundedValue(x, valueAt(x, optimum.u)),
        [y.name]: roundedValue(y, valueAt(y, optimum.v)),
      });
    });
    updates.push((view) => {
      button.hidden = shownBudget(view) === null || view.against !== null;
    });
    return button;
  }

  function layerBoxes(): HTMLElement {
    const boxes = surfaceLayers.map((layer) => make("input", {type: "checkbox", value: layer}));
    const labels = boxes.map((box) => make("label", {}, box, layerLabels[box.value as SurfaceLayer]));
    const control = choiceGroup("Layers", labels, {document});
    control.addEventListener("change", () => {
      state.set({hidden: listText(boxes.filter(({checked}) => !checked).map(({value}) => value))});
    });
    updates.push((view) => {
      for (const box of boxes) box.checked = !view.hidden.includes(box.value as SurfaceLayer);
    });
    return control;
  }
}

/** What is not what the embed shows by itself. */
const embeddable = (texts: SurfaceTexts): Partial<SurfaceTexts> =>
  Object.fromEntries(
    Object.entries(texts).filter(([name, value]) => value !== blankTexts[name as keyof SurfaceTexts]),
  );

/** Whether a variable has a say: not what others hold, and not tokens that compute decides. */
function counts({x, y, compute}: SurfaceView, name: AxisName): boolean {
  const isTogether = [x.name, y.name].includes("bits");
  if (name === "bits") return isTogether;
  if (name === "tokens" && compute !== null) return false;
  const held: readonly AxisName[] = [
    "weightBits",
    "activationBits",
    "cacheBits",
    "exponentBits",
    "mantissaBits",
  ];
  return !(isTogether && held.includes(name));
}

/** The change that puts a variable on one axis; the other axis gives way where both cannot be. */
function crossed(view: SurfaceView, name: AxisName, side: "x" | "y"): {x: string; y: string} {
  const axis = axisOf(view.surface, name)!;
  const other = side === "x" ? view.y : view.x;
  const own = side === "x" ? view.x : view.y;
  const partner = canMeet(axis, other)
    ? other
    : canMeet(axis, own)
      ? own
      : view.surface.axes.find((next) => canMeet(axis, next))!;
  return side === "x" ? {x: name, y: partner.name} : {x: partner.name, y: name};
}

function sourceText(title: string, {surface, against}: SurfaceView): string {
  const sources = [surface, ...(against ? [against] : [])].map(({law, title, scale}) => {
    const {authors, year, arxiv} = law.published[0]?.source ?? law.source;
    const paper = `${authors} ${year}${arxiv ? `, arXiv ${arxiv}` : ""}`;
    return scale === "ours" ? `${title}; form of ${paper}` : paper;
  });
  return `Bitscape, “Bit allocation”, ${title}. Computed in this page: ${sources.join("; ")}.`;
}
