import {copyButton} from "./copy-button.js";
import {elementMaker} from "./element-maker.js";
import {canTie, type LawsDesk, type LawTable, type ShownFit} from "./laws-desk.js";
import {linkTo} from "./link-to.js";
import {perFrame} from "./per-frame.js";
import {saveFile} from "./save-file.js";

/** The fit as a file, and the command that makes it elsewhere. */
export function fitFiles(
  desk: LawsDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const command = make("pre", {tabindex: 0, "aria-label": "Command"});
  const text = () => commandLine(desk);
  const save = make("button", {type: "button"}, "Fit as JSON");
  const saveRuns = make("button", {type: "button"}, "Runs as CSV");
  saveRuns.addEventListener("click", () => {
    saveFile(runsFile, new Blob([runsCsv(desk.table(), desk.dropped())], {type: "text/csv"}));
  });
  save.addEventListener("click", () => {
    const fit = desk.shown();
    if (fit) saveFile("bitscape-fit.json", new Blob([fitJson(fit)], {type: "application/json"}));
  });
  const update = perFrame(() => {
    command.textContent = text();
    save.disabled = desk.shown() === undefined;
  }, document.defaultView!);
  desk.subscribe(update);
  return make(
    "div",
    {class: "fit-files chart-figure"},
    command,
    make(
      "div",
      {class: "chart-actions"},
      copyButton("Copy command", text, {document}),
      save,
      saveRuns,
      copyButton("Copy link", () => linkTo(document, "fit"), {document}),
    ),
  );
}

/** JSON knows neither infinity nor NaN: they are null. */
export const fitJson = ({law, table, result}: ShownFit): string =>
  `${JSON.stringify({table: table.title, formula: law.formula, ...result}, null, 2)}\n`;

/** The same fit on a command line. Where runs were chosen here, it reads them from the file that the page offers. */
function commandLine(desk: LawsDesk): string {
  const {delta, tied} = desk.state.get();
  const options = [
    ...(delta === "0.001" ? [] : [`--delta ${delta === "none" ? "1000" : delta}`]),
    ...(tied === "" || !canTie(desk.law()) ? [] : [tied === "yes" ? "--tie alpha=beta" : "--no-tie"]),
  ];
  return ["bitscape fit", desk.law().name, ...runsOption(desk), ...options].join(" ");
}

function runsOption(desk: LawsDesk): string[] {
  const table = desk.table();
  if (table.name !== "chinchilla" || desk.can().restore) return [runsFile];
  return ["data/tables/chinchilla-replication.csv", `--drop-largest-losses ${table.dropped.length}`];
}

const runsFile = "bitscape-runs.csv";

/** The runs that are fitted, under the names of the variables; what is not rounded is empty. */
function runsCsv(table: LawTable, dropped: ReadonlySet<number>): string {
  const names = Object.keys(table.runs.columns);
  const lines = [names.join(",")];
  for (let row = 0; row < table.runs.rows; row++) {
    if (dropped.has(row)) continue;
    const values = names.map((name) => table.runs.columns[name][row]);
    if (values.some(Number.isNaN)) continue;
    lines.push(values.map((value) => (Number.isFinite(value) ? String(value) : "")).join(","));
  }
  return `${lines.join("\n")}\n`;
}
