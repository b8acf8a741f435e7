import {elementMaker} from "./element-maker.js";
import {type MeasureName, measures, noFilter} from "./run-filter.js";
import type {SweepAxis} from "./sweep-axes.js";
import type {SweepDesk} from "./sweep-desk.js";
import {shownText} from "./sweep-sentences.js";

/** Everything by which runs are filtered: values of each axis, ranges of the measures, and a text. */
export function runFilters(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const menus = make("div", {class: "filter-menus"});
  const search = make("input", {
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "e.g. fp8 diverged",
  });
  search.addEventListener("input", () => desk.setFilter({...desk.filter(), text: search.value}));
  const clear = make("button", {type: "button"}, "Show all");
  clear.addEventListener("click", () => desk.setFilter(noFilter));
  const count = make("p", {class: "filter-count", role: "status"});
  const element = make(
    "div",
    {class: "run-filters chart-figure", role: "group", "aria-label": "Filters"},
    make("label", {class: "filter-search"}, make("span", {}, "Find"), search),
    menus,
    clear,
    count,
  );
  let updates: (() => void)[] = [];
  let built: unknown;
  const build = () => {
    const sweep = desk.sweep();
    if (built === sweep) return;
    built = sweep;
    const axisMenus = sweep.axes.map((axis) => axisMenu(axis, desk, document));
    const hasFloor = sweep.runs.some(({aboveFloor}) => aboveFloor !== null);
    const names = (Object.keys(measures) as MeasureName[]).filter((name) => name !== "above" || hasFloor);
    const range = rangeMenu(names, desk, document);
    updates = [...axisMenus, range].map((menu) => menu.update);
    menus.replaceChildren(...[...axisMenus, range].map((menu) => menu.element));
  };
  desk.subscribe(() => {
    build();
    for (const update of updates) update();
    const {where, find} = desk.state.get();
    if (search.value !== find) search.value = find;
    clear.disabled = where === "" && find === "";
    count.textContent = shownText(desk);
  }, ["where", "find"]);
  closeOnLeave(element);
  return element;
}

interface Menu {
  readonly element: HTMLDetailsElement;
  readonly update: () => void;
}

/** The values of one axis, each with the number of its runs. */
function axisMenu(axis: SweepAxis, desk: SweepDesk, document: Document): Menu {
  const make = elementMaker(document);
  const counts = new Map<string, number>();
  for (const run of desk.sweep().runs) counts.set(axis.textOf(run), (counts.get(axis.textOf(run)) ?? 0) + 1);
  const boxes = axis.values.map((value) => make("input", {type: "checkbox", value}));
  const set = (values: readonly string[]) => {
    const filter = desk.filter();
    const {[axis.key]: _, ...others} = filter.values;
    const isAll = values.length === 0 || values.length === axis.values.length;
    desk.setFilter({...filter, values: isAll ? others : {...others, [axis.key]: values}});
  };
  const all = make("button", {type: "button"}, "All");
  all.addEventListener("click", () => set([]));
  const summary = make("summary");
  const element = make(
    "details",
    {class: "filter-menu"},
    summary,
    make(
      "fieldset",
      {},
      make("legend", {}, axis.label),
      all,
      ...boxes.map((box, i) =>
        make(
          "label",
          {},
          box,
          axis.format(axis.values[i]),
          make("small", {}, String(counts.get(axis.values[i]) ?? 0)),
        ),
      ),
    ),
  );
  element.addEventListener("change", () => set(boxes.filter(({checked}) => checked).map(({value}) => value)));
  return {
    element,
    update() {
      const kept = desk.filter().values[axis.key];
      for (const box of boxes) box.checked = kept?.includes(box.value) ?? false;
      element.dataset.active = String(kept !== undefined);
      const text = !kept
        ? "all"
        : kept.length === 1
          ? axis.format(kept[0])
          : `${kept.length} of ${axis.values.length}`;
      summary.replaceChildren(`${axis.label}: `, make("strong", {}, text));
    },
  };
}

/** Two ends for each measure. */
function rangeMenu(names: readonly MeasureName[], desk: SweepDesk, document: Document): Menu {
  const make = elementMaker(document);
  const rows = names.map((name) => {
    const inputs = ["from", "to"].map((end) =>
      make("input", {
        type: "text",
        inputmode: "decimal",
        size: 7,
        "aria-label": `${measures[name].label} ${end}`,
      }),
    );
    return {name, inputs};
  });
  const summary = make("summary");
  const element = make(
    "details",
    {class: "filter-menu"},
    summary,
    make(
      "fieldset",
      {},
      make("legend", {}, "ranges"),
      ...rows.map(({name, inputs}) =>
        make(
          "div",
          {class: "filter-range"},
          make("span", {}, measures[name].label),
          inputs[0],
          "to",
          inputs[1],
        ),
      ),
    ),
  );
  element.addEventListener("change", () => {
    const ranges = rows.flatMap(({name, inputs}) => {
      const [low, high] = inputs.map(({value}) => {
        const text = value.trim().replace(",", ".");
        return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
      });
      return low === null && high === null ? [] : [[name, [low, high]] as const];
    });
    desk.setFilter({...desk.filter(), ranges: Object.fromEntries(ranges)});
  });
  return {
    element,
    update() {
      const {ranges} = desk.filter();
      for (const {name, inputs} of rows) {
        inputs.forEach((input, i) => {
          const end = ranges[name]?.[i];
          if (document.activeElement !== input)
            input.value = end === null || end === undefined ? "" : String(end);
        });
      }
      const active = Object.keys(ranges) as MeasureName[];
      element.dataset.active = String(active.length > 0);
      const text = active.length === 0 ? "all" : active.map((name) => measures[name].label).join(", ");
      summary.replaceChildren("results: ", make("strong", {}, text));
    },
  };
}

/** One menu is open at a time; Escape and a click elsewhere close it. */
function closeOnLeave(element: HTMLElement): void {
  const menus = () => [...element.querySelectorAll<HTMLDetailsElement>("details.filter-menu[open]")];
  element.ownerDocument.addEventListener("click", ({target}) => {
    for (const menu of menus()) if (!menu.contains(target as Node)) menu.open = false;
  });
  element.addEventListener("keydown", ({key}) => {
    if (key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
