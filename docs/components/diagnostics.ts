import type {FitDiagnosis} from "../src/laws/diagnose-fit.js";
import {askedTask} from "./asked-task.js";
import {dataTable} from "./data-table.js";
import {elementMaker} from "./element-maker.js";
import {deltaText} from "./law-sentences.js";
import type {LawsDesk, ShownFit} from "./laws-desk.js";
import {pairFigure} from "./pair-figure.js";
import {perFrame} from "./per-frame.js";
import {shortNumber} from "./short-number.js";
import type {TaskRunner} from "./task-runner.js";

/** How far a fit can be trusted: what it says itself, and what only more fits can tell. */
export function diagnostics(
  desk: LawsDesk,
  {
    recorded,
    runner,
    document = globalThis.document,
  }: {
    /** Diagnoses made when the site was built, by table. */
    recorded: Readonly<Record<string, FitDiagnosis | undefined>>;
    runner: TaskRunner;
    document?: Document;
  },
): HTMLElement {
  const make = elementMaker(document);
  const facts = make("dl", {class: "facts"});
  const warnings = make("ul", {class: "fit-warnings"});
  const more = make("div", {class: "diagnosis"});
  const task = askedTask<FitDiagnosis>({
    label: "Check with 200 redrawn tables",
    key: () => desk.shown()?.key ?? "",
    known() {
      const fit = desk.shown();
      return fit && fit.milliseconds === undefined && fit.law.name === fit.table.law
        ? recorded[fit.table.name]
        : undefined;
    },
    run(onProgress) {
      const {rows, columns} = desk.table().runs;
      const request = {law: desk.law().name, table: {rows, columns}, options: desk.options()};
      return runner.run({type: "diagnose", ...request}, onProgress);
    },
    stop: runner.stop,
    onResult: () => update(),
    document,
  });
  const pairs = pairFigure(desk, {diagnosis: task.result, document});
  let shown: unknown = "none";
  const update = perFrame(() => {
    task.update();
    const fit = desk.shown();
    const diagnosis = task.result();
    facts.replaceChildren(
      ...(fit ? fitFacts(fit) : []).map(([name, text]) =>
        make("div", {}, make("dt", {}, name), make("dd", {}, text)),
      ),
    );
    warnings.replaceChildren(...(fit?.result.warnings ?? []).map((warning) => make("li", {}, warning)));
    if (diagnosis !== shown) {
      shown = diagnosis;
      more.replaceChildren(...(fit && diagnosis ? diagnosisNodes(fit, diagnosis, document) : []));
    }
    pairs.update();
  }, document.defaultView!);
  desk.subscribe(update);
  return make(
    "section",
    {class: "chart-figure", "aria-label": "Diagnostics"},
    facts,
    warnings,
    task.element,
    more,
    pairs.element,
  );
}

/** What a fit says of itself, as names and sentences. */
function fitFacts({result}: ShownFit): [string, string][] {
  const {starts, conditionNumber, constants, rootMeanSquare, rSquared, objective} = result;
  const unknown = constants.filter(({identified}) => !identified);
  return [
    ["Starts", `${starts.best} of ${starts.count} reached the best fit`],
    [
      "Condition number",
      conditionNumber === null
        ? "infinite: some constants can be exchanged for others"
        : shortNumber(conditionNumber, 2),
    ],
    [
      "Identified",
      unknown.length === 0
        ? `all ${constants.length} constants`
        : `all but ${unknown.map(({symbol}) => symbol).join(", ")}`,
    ],
    ["Residuals", `${(rootMeanSquare * 100).toPrecision(3)} % (root mean square), R² ${rSquared.toFixed(4)}`],
    ["Huber loss", `${objective.toPrecision(5)} at δ = ${deltaText(result.huberDelta)}`],
  ];
}

function diagnosisNodes(fit: ShownFit, {result, deltas}: FitDiagnosis, document: Document): Node[] {
  const make = elementMaker(document);
  const largest = result.leaveLargestOut;
  const left = largest
    ? `Fitted without the ${largest.places.length} runs of the largest compute, the law predicts them to ${(largest.rootMeanSquare * 100).toPrecision(2)} % (root mean square)` +
      `, ${Math.abs(largest.mean * 100).toPrecision(2)} % too ${largest.mean > 0 ? "high" : "low"} on average; the fitted runs are predicted to ${(fit.result.rootMeanSquare * 100).toPrecision(2)} %.`
    : "These runs do not tell compute, or all have the same: the largest cannot be left out.";
  const symbols = fit.law.constants.map(({symbol}) => symbol);
  const rows = deltas.map(({delta, constants}) => ({delta, constants}));
  const table = dataTable(
    rows,
    [
      {name: "δ", value: ({delta}) => deltaText(delta)},
      ...symbols.map((symbol, i) => ({
        name: symbol,
        value: ({constants}: (typeof rows)[number]) => constants[i],
        format: (value: number) => shortNumber(value, 4),
      })),
    ],
    {caption: "Constants by δ of Huber's loss: how much they hang on the runs that fit worst", document},
  );
  const intervals = dataTable(
    [...result.constants, ...result.derived],
    [
      {name: "constant", value: ({symbol}) => symbol},
      {name: "value", value: ({value}) => value, format: (value) => shortNumber(value, 4)},
      {name: "from", value: ({interval}) => interval?.[0] ?? null, format: (value) => shortNumber(value, 3)},
      {name: "to", value: ({interval}) => interval?.[1] ?? null, format: (value) => shortNumber(value, 3)},
    ],
    {
      caption: `Intervals from ${result.bootstrap?.replicates ?? 0} tables of as many runs, drawn from these with replacement`,
      document,
    },
  );
  const room = (label: string, child: Node) =>
    make("div", {class: "table-room", tabindex: 0, role: "region", "aria-label": label}, child);
  return [make("p", {}, left), room("Intervals by bootstrap", intervals), room("Constants by delta", table)];
}
