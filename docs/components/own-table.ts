import {allLaws} from "../src/laws/index.js";
import {type ColumnMeaning, columnMeanings, mapColumns} from "../src/laws/run-columns.js";
import type {RunTableReading} from "../src/laws/run-table-builder.js";
import {suitableLaws} from "../src/laws/suitable-laws.js";
import {type VariableName, variableNames, variables} from "../src/laws/variables.js";
import {dataTable} from "./data-table.js";
import {elementMaker} from "./element-maker.js";
import {runName} from "./fitted-points.js";
import type {LawsDesk, LawTable} from "./laws-desk.js";
import type {RunFile, TablePreview} from "./read-run-file.js";
import {shortCount} from "./short-count.js";
import {Stopped, type TaskRunner} from "./task-runner.js";

/** What the reader says about the columns of a table. */
interface Corrections {
  /** By meaning, the place of the column, from 0; null for a variable that the table does not have. */
  readonly places: Readonly<Partial<Record<ColumnMeaning, number | null>>>;
  /** Bits from which on a number counts as not rounded. */
  readonly unrounded: number;
}

const pastedName = "pasted table";

/** Takes a table of runs from a file or a text, finds its columns, and lets the reader correct that. */
export function ownTable(
  desk: LawsDesk,
  {runner, document = globalThis.document}: {runner: TaskRunner; document?: Document},
): HTMLElement {
  const make = elementMaker(document);
  const file = make("input", {type: "file", accept: ".csv,.tsv,.txt,.arrow,.feather,text/csv,text/plain"});
  const area = make("textarea", {
    rows: 4,
    placeholder: "parameters,tokens,loss\n30000000,1500000000,4.10\n…",
    "aria-label": "A table as text",
  });
  const use = make("button", {type: "button"}, "Use this text");
  const stop = make("button", {type: "button"}, "Stop");
  const progress = make("progress", {"aria-label": "Read so far", max: 1});
  const text = make("p", {role: "status"});
  const form = make("div", {class: "column-form"});
  const preview = make("div", {
    class: "table-room wide",
    tabindex: 0,
    role: "region",
    "aria-label": "First rows of your table",
  });
  let source: {blob: Blob; name: string} | undefined;

  const setBusy = (isBusy: boolean) => {
    stop.hidden = !isBusy;
    progress.hidden = !isBusy;
  };
  const say = (message: string, isError = false) => {
    text.textContent = message;
    text.classList.toggle("field-error", isError);
  };
  const showColumns = ({names, rows}: TablePreview, corrections: Corrections) => {
    preview.hidden = rows.length === 0;
    preview.replaceChildren(previewTable({names, rows}, document));
    form.replaceChildren(
      ...columnForm(names, {
        corrections,
        onChange: (next) => read(next),
        document,
      }),
    );
  };
  const read = async (corrections?: Corrections) => {
    if (!source) return;
    const {blob, name} = source;
    setBusy(true);
    progress.value = 0;
    say(`Reading ${name}, ${sizeText(blob.size)}.`);
    try {
      const found = await runner.run({type: "read", file: blob, ...readOptions(corrections)}, (done, of) => {
        progress.value = of > 0 ? done / of : 0;
      });
      showColumns(
        found.preview,
        corrections ?? {places: recognized(found), unrounded: Number.POSITIVE_INFINITY},
      );
      if (!found.reading) return say(`${found.problem}.`, true);
      const table = lawTableOf(name, found.reading);
      if (!table) return say("No law has all its variables in this table.", true);
      say(readingSentence(found.reading));
      desk.choose(table);
    } catch (error) {
      say(
        error instanceof Stopped ? "Stopped." : `${name} could not be read: ${(error as Error).message}.`,
        !(error instanceof Stopped),
      );
    } finally {
      setBusy(false);
    }
  };
  const take = (blob: Blob | undefined, name: string) => {
    if (!blob) return;
    source = {blob, name};
    form.replaceChildren();
    preview.hidden = true;
    read();
  };
  file.addEventListener("change", () => take(file.files?.[0], file.files?.[0]?.name ?? ""));
  use.addEventListener("click", () =>
    take(new document.defaultView!.Blob([area.value], {type: "text/csv"}), pastedName),
  );
  stop.addEventListener("click", runner.stop);
  preview.hidden = true;
  setBusy(false);

  const element = make(
    "details",
    {class: "own-table chart-figure"},
    make("summary", {}, "Fit your own table"),
    make(
      "p",
      {},
      "A CSV or Arrow file with a row for each run: its parameters, tokens and loss, and bits where there are any. It is read and " +
        "fitted in this tab; nothing is sent anywhere, and it is not kept in the address.",
    ),
    make("label", {class: "file-control"}, make("span", {}, "Open a file, or drop one here"), file),
    make("label", {class: "paste-control"}, make("span", {}, "or paste a table"), area),
    use,
    make("div", {class: "fit-line"}, progress, stop),
    text,
    form,
    preview,
  );
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    take(dropped, dropped?.name ?? "");
  });
  return element;
}

/** What the worker is told: by place, since names may be equal or empty. */
function readOptions(corrections: Corrections | undefined) {
  if (!corrections) return {columns: {}, unrounded: Number.POSITIVE_INFINITY};
  const chosen = Object.entries(corrections.places).filter(([, place]) => place !== null);
  return {
    columns: Object.fromEntries(chosen.map(([meaning, place]) => [meaning, `#${place! + 1}`])),
    wanted: chosen
      .map(([meaning]) => meaning)
      .filter((meaning): meaning is VariableName => meaning !== "compute"),
    unrounded: corrections.unrounded,
  };
}

/** The columns that were found by their names. */
function recognized({preview: {names}}: RunFile): Corrections["places"] {
  const places: Partial<Record<ColumnMeaning, number>> = {};
  for (const name of variableNames) {
    try {
      const mapping = mapColumns(names, {needed: [], wanted: [name]});
      for (const meaning of columnMeanings) {
        const place = mapping[meaning]?.index;
        if (place !== undefined) places[meaning] = place;
      }
    } catch {
      // Several columns may be meant: the reader chooses.
    }
  }
  return places;
}

/** Meanings that every table needs come first; others are offered as they are found, or on demand. */
const firstMeanings: readonly ColumnMeaning[] = ["parameters", "tokens", "compute", "loss"];

function columnForm(
  names: readonly string[],
  {
    corrections,
    onChange,
    document,
  }: {corrections: Corrections; onChange: (next: Corrections) => void; document: Document},
): Node[] {
  const make = elementMaker(document);
  const choice = (meaning: ColumnMeaning) => {
    const none = make("option", {value: ""}, "not in the table");
    const options = names.map((name, place) => make("option", {value: place}, shortName(name, place)));
    const select = make("select", {}, none, ...options);
    select.value = String(corrections.places[meaning] ?? "");
    select.addEventListener("change", () => {
      const place = select.value === "" ? null : Number(select.value);
      onChange({...corrections, places: {...corrections.places, [meaning]: place}});
    });
    return make("label", {class: "select-control"}, make("span", {}, meaningTitle(meaning)), select);
  };
  const rest = columnMeanings.filter((meaning) => !firstMeanings.includes(meaning));
  const isNamed = (meaning: ColumnMeaning) => typeof corrections.places[meaning] === "number";
  const rounding = make("input", {type: "checkbox"});
  rounding.checked = Number.isFinite(corrections.unrounded);
  rounding.addEventListener("change", () => {
    onChange({...corrections, unrounded: rounding.checked ? 16 : Number.POSITIVE_INFINITY});
  });
  const others = make(
    "details",
    {},
    make("summary", {}, "Bits and formats"),
    make("div", {class: "chart-controls"}, ...rest.map(choice)),
    make("label", {class: "check-control"}, rounding, "16 bits and more count as not rounded"),
  );
  others.open = rest.some(isNamed);
  return [make("div", {class: "chart-controls"}, ...firstMeanings.map(choice)), others];
}

const meaningTitle = (meaning: ColumnMeaning): string =>
  meaning === "compute" ? "Training FLOPs, if there are no tokens" : variables[meaning].title;

const shortName = (name: string, place: number): string => {
  const shown = name.length > 40 ? `${name.slice(0, 39)}…` : name;
  return shown.trim() === "" ? `column ${place + 1}` : shown;
};

/** Texts of the table stand as they are: markup in them is text, too. */
function previewTable({names, rows}: TablePreview, document: Document): HTMLTableElement {
  return dataTable(
    rows,
    names.slice(0, 40).map((name, place) => ({
      name: shortName(name, place),
      value: (row: readonly string[]) => row[place] ?? "",
    })),
    {caption: "First rows", document},
  );
}

/** How many runs were read, and what was wrong with others. */
function readingSentence({table, rowsRead, badRows, firstBadRows, columns}: RunTableReading): string {
  const origin = Object.entries(columns).map(
    ([name, from]) => `${variables[name as VariableName].title.toLowerCase()} from ${from}`,
  );
  const bad =
    badRows > 0
      ? ` ${badRows.toLocaleString("en")} of ${rowsRead.toLocaleString("en")} rows cannot be used and are left out: ${firstBadRows.join("; ")}${badRows > firstBadRows.length ? "; and others" : ""}.`
      : "";
  return `${table.rows.toLocaleString("en")} runs: ${origin.join(", ")}.${bad}`;
}

/** Laws that a table is shown with, the first that suits it. */
const preferred = ["precision", "post-training", "floating-point", "precision-weights", "chinchilla"];

function lawTableOf(name: string, {table, positions, positionNoun}: RunTableReading): LawTable | undefined {
  const laws = suitableLaws(allLaws, table).map((law) => law.name);
  const law = preferred.find((wanted) => laws.includes(wanted)) ?? laws[0];
  if (!law) return undefined;
  return {
    name: "",
    title: name,
    about: "Your table. It is in this tab only.",
    runs: table,
    labelOf: (row) =>
      `${positionNoun} ${positions[row].toLocaleString("en")}: ${runName(table, row, shortCount)}`,
    ...{dropped: [], whyDropped: "", law, laws},
  };
}

const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3).toLocaleString("en")} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
