import type {FormError} from "../src/laws/compare-forms.js";
import type {FitDiagnosis} from "../src/laws/diagnose-fit.js";
import type {FitResult} from "../src/laws/fit.js";
import {allLaws} from "../src/laws/index.js";
import {type LawTableRecord, runsOf} from "../src/laws/recorded-table.js";
import {suitableLaws} from "../src/laws/suitable-laws.js";
import {constantsFigure} from "./constants-figure.js";
import {diagnostics} from "./diagnostics.js";
import {elementMaker} from "./element-maker.js";
import {fitBar} from "./fit-bar.js";
import {fitFiles} from "./fit-files.js";
import {runName} from "./fitted-points.js";
import {heldOutFigure} from "./held-out-figure.js";
import {lawChooser} from "./law-chooser.js";
import {lawResidualFigure} from "./law-residual-figure.js";
import {lawTakeaway} from "./law-sentences.js";
import {lawTableChooser} from "./law-table-chooser.js";
import {lawsChoices} from "./laws-choices.js";
import {type LawTable, lawsDesk} from "./laws-desk.js";
import {ownTable} from "./own-table.js";
import {pageState} from "./page-state.js";
import {predictedFigure} from "./predicted-figure.js";
import {shortCount} from "./short-count.js";
import {type TaskWorker, taskRunner} from "./task-runner.js";

/** What was computed of a table when the site was built. */
export interface RecordedLawFit {
  readonly table: string;
  readonly law: string;
  readonly result: FitResult;
  readonly diagnosis?: FitDiagnosis;
  readonly forms?: readonly FormError[];
}

interface LawsOptions {
  readonly tables: readonly LawTableRecord[];
  readonly recorded: readonly RecordedLawFit[];
  /** MathML of each law's formula, by its name. */
  readonly formulas: Readonly<Record<string, string>>;
  readonly startWorker: () => TaskWorker;
  readonly document?: Document;
}

/** The parts of the page on laws. */
export interface Laws {
  readonly takeaway: HTMLElement;
  readonly tables: HTMLElement;
  readonly own: HTMLElement;
  readonly law: HTMLElement;
  readonly bar: HTMLElement;
  readonly predicted: HTMLElement;
  readonly residuals: HTMLElement;
  readonly constants: HTMLElement;
  readonly heldOut: HTMLElement;
  readonly diagnostics: HTMLElement;
  readonly files: HTMLElement;
}

export function laws({
  tables: records,
  recorded,
  formulas,
  startWorker,
  document = globalThis.document,
}: LawsOptions): Laws {
  const make = elementMaker(document);
  const tables = records.map(lawTable);
  const state = pageState(lawsChoices(tables.map(({name}) => name)), document.defaultView!);
  const desk = lawsDesk({
    ...{state, tables, recorded},
    runner: taskRunner(startWorker),
    isVisible: () => document.visibilityState !== "hidden",
  });
  const options = {document};
  const takeaway = make("p", {class: "takeaway"});
  desk.subscribe(() => {
    takeaway.textContent = lawTakeaway(desk);
  });
  const byTable = <Value>(pick: (fit: RecordedLawFit) => Value | undefined) =>
    Object.fromEntries(recorded.map((fit) => [fit.table, pick(fit)]));
  return {
    takeaway,
    tables: lawTableChooser(desk, options),
    own: ownTable(desk, {runner: taskRunner(startWorker), document}),
    law: lawChooser(desk, {formulas, document}),
    bar: fitBar(desk, options),
    predicted: predictedFigure(desk, options),
    residuals: lawResidualFigure(desk, options),
    constants: constantsFigure(desk, options),
    heldOut: heldOutFigure(desk, {
      recorded: byTable(({forms}) => forms),
      runner: taskRunner(startWorker),
      document,
    }),
    diagnostics: diagnostics(desk, {
      recorded: byTable(({diagnosis}) => diagnosis),
      runner: taskRunner(startWorker),
      document,
    }),
    files: fitFiles(desk, options),
  };
}

function lawTable(record: LawTableRecord): LawTable {
  const runs = runsOf(record);
  const {labels} = record;
  return {
    ...record,
    runs,
    labelOf: (row) => [runName(runs, row, shortCount), labels?.[row]].filter(Boolean).join(", "),
    laws: suitableLaws(allLaws, runs).map(({name}) => name),
  };
}
