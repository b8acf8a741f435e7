import {csvButton} from "./csv-button.js";
import {elementMaker} from "./element-maker.js";
import {type RunColumn, runColumns, sortedRuns} from "./run-columns.js";
import {runTitle} from "./run-title.js";
import type {SweepDesk} from "./sweep-desk.js";
import type {SweepRun} from "./sweep-run.js";

/** Runs on one page of the table. */
const pageLength = 20;

/** The runs that are shown, a page at a time; sorted by the column whose head is pressed. */
export function runsTable(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const head = make("tr");
  const body = make("tbody");
  const caption = make("caption");
  const room = make(
    "div",
    {class: "chart-table runs-table", tabindex: 0, role: "region", "aria-label": "Table of runs"},
    make("table", {class: "data-table"}, caption, make("thead", {}, head), body),
  );
  const place = make("span", {role: "status"});
  const turn = (label: string, to: (page: number, last: number) => number) => {
    const button = make("button", {type: "button"}, label);
    button.addEventListener("click", () => desk.state.set({page: String(to(pageNumber(), lastPage()))}));
    return button;
  };
  const buttons = {
    first: turn("First", () => 1),
    previous: turn("Previous", (page) => page - 1),
    next: turn("Next", (page) => page + 1),
    last: turn("Last", (_, last) => last),
  };
  const columns = () => runColumns(desk.sweep());
  const lastPage = () => Math.max(1, Math.ceil(desk.shown().length / pageLength));
  const pageNumber = () => Math.min(lastPage(), Number(desk.state.get().page));
  const sorted = () => sortedRuns(desk.shown(), columns(), desk.state.get().sort);

  const headCell = ({key, name}: RunColumn) => {
    const {sort} = desk.state.get();
    const isSorted = sort.replace(/^-/, "") === key;
    const direction = isSorted ? (sort.startsWith("-") ? "descending" : "ascending") : undefined;
    const button = make(
      "button",
      {type: "button", "data-key": key},
      name,
      make("span", {"aria-hidden": "true"}, direction === "descending" ? " ▼" : direction ? " ▲" : ""),
    );
    button.addEventListener("click", () => {
      desk.state.set({sort: direction === "ascending" ? `-${key}` : key, page: "1"});
    });
    return make("th", {scope: "col", "aria-sort": direction}, button);
  };
  const line = (run: SweepRun, marked: readonly SweepRun[]) => {
    const box = make("input", {
      type: "checkbox",
      "data-run": run.name,
      "aria-label": `Mark ${runTitle(run, desk.sweep().axes)}`,
    });
    box.checked = marked.includes(run);
    box.addEventListener("change", () => desk.toggleMark(run));
    const number = marked.indexOf(run) + 1;
    const cells = columns().map(({value, format}) => {
      const content = value(run);
      const isNumber = typeof content === "number";
      return make(
        "td",
        {class: isNumber && "number"},
        content === null ? "" : isNumber && format ? format(content) : String(content),
      );
    });
    return make(
      "tr",
      {"data-verdict": run.verdict, "aria-current": number > 0 && "true"},
      make("td", {class: "mark"}, make("label", {}, box, number > 0 ? String(number) : "")),
      ...cells,
    );
  };
  const update = () => {
    // A box or head that has the focus keeps it when the table is filled anew.
    const active = document.activeElement as HTMLElement | null;
    const focused = active && room.contains(active) ? (active.dataset.run ?? active.dataset.key) : undefined;
    const [page, last] = [pageNumber(), lastPage()];
    const runs = sorted();
    const from = (page - 1) * pageLength;
    const part = runs.slice(from, from + pageLength);
    const marked = desk.marked();
    head.replaceChildren(
      make("th", {scope: "col"}, make("span", {class: "visually-hidden"}, "mark")),
      ...columns().map(headCell),
    );
    body.replaceChildren(...part.map((run) => line(run, marked)));
    const text =
      runs.length === 0 ? "no runs" : `runs ${from + 1} to ${from + part.length} of ${runs.length}`;
    caption.textContent = `Sweep ${desk.sweep().info.name}: ${text}. Press the head of a column to sort by it; tick a run to see more of it below.`;
    place.textContent = `Page ${page} of ${last}`;
    buttons.first.disabled = buttons.previous.disabled = page === 1;
    buttons.next.disabled = buttons.last.disabled = page === last;
    if (focused) room.querySelector<HTMLElement>(`[data-run="${focused}"], [data-key="${focused}"]`)?.focus();
  };
  desk.subscribe(update, ["where", "find", "sort", "page", "runs"]);
  return make(
    "div",
    {class: "chart-figure"},
    room,
    make(
      "div",
      {class: "chart-actions table-pages"},
      buttons.first,
      buttons.previous,
      place,
      buttons.next,
      buttons.last,
      csvButton(
        `sweep-${desk.sweep().info.name}`,
        () => ({
          rows: sorted(),
          columns: runColumns(desk.sweep(), {isFull: true}),
        }),
        {document},
      ),
    ),
  );
}
