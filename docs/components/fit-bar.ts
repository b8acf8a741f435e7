import {elementMaker} from "./element-maker.js";
import {valueAlong} from "./fitted-points.js";
import {selectedRow} from "./law-figures.js";
import {drawnRows} from "./law-points.js";
import {changeSentence, rowsText} from "./law-sentences.js";
import type {LawsDesk} from "./laws-desk.js";
import {lossText} from "./loss-text.js";
import {perFrame} from "./per-frame.js";

/** The state of the fit, dropping by keyboard, and ways back. It stays in sight while the figures are scrolled. */
export function fitBar(
  desk: LawsDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const button = (text: string, onClick: () => void, attributes: Record<string, string> = {}) => {
    const element = make("button", {type: "button", ...attributes}, text);
    element.addEventListener("click", onClick);
    return element;
  };
  const undo = button("Undo", desk.undo);
  const redo = button("Redo", desk.redo);
  const restore = button("As it began", desk.restore);
  const fit = button("Fit", desk.fit, {class: "primary"});
  const stop = button("Stop", desk.stop, {class: "primary"});
  const progress = make("progress", {"aria-label": "Progress of the fit"});
  const text = make("p", {class: "fit-status", role: "status"});

  const slider = make("input", {type: "range", min: 1, step: 1, "aria-label": "Run"});
  const name = make("output");
  const drop = button("Drop", () => {
    const row = selectedRow(desk) ?? 0;
    desk.toggle([row]);
  });
  slider.addEventListener("input", () =>
    desk.state.set({point: String(rowAt(slider.valueAsNumber - 1) + 1)}),
  );
  slider.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace", "Enter"].includes(event.key)) return;
    event.preventDefault();
    desk.toggle([selectedRow(desk) ?? rowAt(slider.valueAsNumber - 1)]);
  });

  // The slider goes from the lowest loss to the highest, as figure 1 does from left to right.
  let order: readonly number[] = [];
  let places = new Map<number, number>();
  let ordered: unknown;
  const sortRows = () => {
    const table = desk.table();
    if (ordered === table) return;
    ordered = table;
    const losses = table.runs.columns.loss;
    order = drawnRows(table.runs.rows).sort((a, b) => losses[a] - losses[b]);
    places = new Map(order.map((row, i) => [row, i]));
  };
  const rowAt = (place: number) => order[Math.min(order.length - 1, Math.max(0, place))] ?? 0;

  const update = perFrame(() => {
    sortRows();
    const status = desk.status();
    const isFitting = status.kind === "fitting";
    const {undo: canUndo, redo: canRedo, restore: canRestore} = desk.can();
    undo.disabled = !canUndo;
    redo.disabled = !canRedo;
    restore.disabled = !canRestore;
    stop.hidden = !isFitting;
    fit.hidden = isFitting || status.kind === "recorded" || status.kind === "fitted";
    progress.hidden = !isFitting;
    if (isFitting && status.of > 0) {
      progress.max = status.of;
      progress.value = status.done;
    } else progress.removeAttribute("value");
    text.textContent = statusText(desk);
    text.classList.toggle("field-error", status.kind === "failed");

    const {labelOf} = desk.table();
    const row = selectedRow(desk);
    slider.max = String(order.length);
    slider.value = String((row === undefined ? 0 : (places.get(row) ?? 0)) + 1);
    const shown = row ?? rowAt(0);
    const isDropped = desk.dropped().has(shown);
    name.textContent = row === undefined ? "none chosen" : labelOf(row);
    slider.setAttribute(
      "aria-valuetext",
      `${labelOf(shown)}, loss ${lossText(valueAlong(desk.table(), "loss", shown))}${isDropped ? ", dropped" : ""}`,
    );
    drop.textContent = isDropped ? "Restore" : "Drop";
    drop.disabled = row === undefined;
  }, document.defaultView!);
  desk.subscribe(update);
  desk.state.subscribe(update, ["point"]);

  const element = make(
    "section",
    {class: "fit-bar chart-figure", "aria-label": "Fit"},
    make("div", {class: "fit-line"}, text, progress, fit, stop),
    make(
      "div",
      {class: "fit-line"},
      make("label", {class: "slider-control"}, make("span", {}, "Run ", name), slider),
      drop,
      undo,
      redo,
      restore,
    ),
  );
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    const target = event.target as Element | null;
    if (target?.closest?.("textarea, input[type=text]")) return;
    event.preventDefault();
    if (event.shiftKey) desk.redo();
    else desk.undo();
  });
  return element;
}

function statusText(desk: LawsDesk): string {
  const status = desk.status();
  const shown = desk.shown();
  if (status.kind === "failed") return `No fit: ${status.message}.`;
  if (status.kind === "stopped")
    return shown ? "The fit was stopped: figures show the one before." : "The fit was stopped.";
  if (status.kind === "waiting") return "Not fitted yet.";
  if (status.kind === "fitting") {
    const rows = desk.table().runs.rows - desk.dropped().size;
    const left =
      status.secondsLeft && status.secondsLeft > 2
        ? `, about ${Math.ceil(status.secondsLeft)} seconds left`
        : "";
    const share = status.of > 0 ? `, start ${status.done} of ${status.of}${left}` : "";
    return `Fitting ${desk.law().title} to ${rows.toLocaleString("en")} runs${share}.`;
  }
  if (!shown) return "";
  const how =
    status.kind === "recorded"
      ? "Recorded when this site was built."
      : shown.milliseconds === undefined
        ? ""
        : `Fitted in this tab in ${secondsText(shown.milliseconds)}.`;
  return `${rowsText(shown)}. ${how} ${changeSentence(shown, desk.before())}`.trim();
}

const secondsText = (milliseconds: number): string =>
  milliseconds < 10_000
    ? `${(milliseconds / 1000).toFixed(2)} seconds`
    : `${Math.round(milliseconds / 1000)} seconds`;
