import {effectsFigure} from "./effects-figure.js";
import {elementMaker} from "./element-maker.js";
import {findingsList} from "./findings-list.js";
import {pageState} from "./page-state.js";
import {parallelFigure} from "./parallel-figure.js";
import {ratesClaim, ratesFigure} from "./rates-figure.js";
import {noiseClaim, replicateFigure} from "./replicate-figure.js";
import {runCurvesFigure} from "./run-curves-figure.js";
import {runDetails} from "./run-details.js";
import {runFailures} from "./run-failures.js";
import {runFilters} from "./run-filters.js";
import type {TrainingWorker} from "./run-in-tab.js";
import {runsTable} from "./runs-table.js";
import {sweepChoices} from "./sweep-choices.js";
import {sweepChooser} from "./sweep-chooser.js";
import {type Sweep, sweepDesk} from "./sweep-desk.js";
import type {SweepIndex, SweepRow} from "./sweep-info.js";
import {sweepTakeaway} from "./sweep-sentences.js";

export interface SweepsOptions {
  /** Reads the table of a sweep. */
  readonly load: (name: string) => Promise<readonly SweepRow[]>;
  /** The sweeps in the order of their menu. */
  readonly order: readonly string[];
  readonly startWorker: () => TrainingWorker;
  readonly document?: Document;
}

/** The parts of the page. */
export interface Sweeps {
  readonly chooser: HTMLElement;
  readonly takeaway: HTMLElement;
  readonly findings: HTMLElement;
  readonly filters: HTMLElement;
  readonly curves: HTMLElement;
  readonly parallel: HTMLElement;
  readonly table: HTMLElement;
  readonly details: HTMLElement;
  readonly noiseClaim: HTMLElement;
  readonly noise: HTMLElement;
  readonly effects: HTMLElement;
  readonly ratesClaim: HTMLElement;
  readonly rates: HTMLElement;
  readonly failures: HTMLElement;
}

/** The page on sweeps; resolves when the sweep that the address names has been read. */
export async function sweeps(
  index: SweepIndex,
  {load, order, startWorker, document = globalThis.document}: SweepsOptions,
): Promise<Sweeps> {
  const make = elementMaker(document);
  const state = pageState(sweepChoices(index, order), document.defaultView!);
  const desk = sweepDesk({state, index, load, first: await load(state.get().sweep)});
  const options = {document};
  const claim = (text: (sweep: Sweep) => string, attributes: Record<string, string> = {}) => {
    const element = make("p", attributes);
    desk.subscribe(() => {
      element.textContent = text(desk.sweep());
    }, []);
    return element;
  };
  return {
    chooser: sweepChooser(desk, options),
    takeaway: claim(sweepTakeaway, {class: "takeaway"}),
    findings: findingsList(desk, options),
    filters: runFilters(desk, options),
    curves: runCurvesFigure(desk, options),
    parallel: parallelFigure(desk, options),
    table: runsTable(desk, options),
    details: runDetails(desk, {startWorker, document}),
    noiseClaim: claim(noiseClaim),
    noise: replicateFigure(desk, options),
    effects: effectsFigure(desk, options),
    ratesClaim: claim(({searches}) => ratesClaim(searches)),
    rates: ratesFigure(desk, options),
    failures: runFailures(desk, options),
  };
}
