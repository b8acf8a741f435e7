import {elementMaker} from "./element-maker.js";
import {noFilter} from "./run-filter.js";
import {runTitle} from "./run-title.js";
import type {Sweep, SweepDesk} from "./sweep-desk.js";
import type {SweepRun} from "./sweep-run.js";

/** Failures that are listed one by one. */
const mostListed = 30;

/** What diverged, did not learn or is missing, and why. */
export function runFailures(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const element = make("div", {class: "run-failures chart-figure"});
  desk.subscribe(() => {
    const {runs, axes} = desk.sweep();
    const failures = runs.filter(({verdict}) => verdict !== "finished");
    const item = (run: SweepRun) => {
      const show = make("button", {type: "button"}, runTitle(run, axes));
      show.addEventListener("click", () => {
        desk.setFilter({...noFilter, text: run.name});
        if (!desk.marked().includes(run)) desk.toggleMark(run);
      });
      return make("li", {}, show, ` ${reason(run)}`);
    };
    const more = failures.length - mostListed;
    element.replaceChildren(
      make("p", {}, failuresClaim(desk.sweep())),
      ...(failures.length > 0 ? [make("ul", {}, ...failures.slice(0, mostListed).map(item))] : []),
      ...(more > 0 ? [make("p", {}, `And ${more} more: find “diverged” or “did not learn” above.`)] : []),
    );
  }, []);
  return element;
}

const reason = ({diverged, loss, curve}: SweepRun): string =>
  diverged
    ? `diverged at step ${diverged.step}: ${diverged.reason}`
    : `ended at ${loss!.toFixed(3)} nats, after ${curve[0].loss.toFixed(3)} at the beginning`;

/** How many runs of a sweep went wrong, in words. */
export function failuresClaim({runs, info}: Pick<Sweep, "runs" | "info">): string {
  const count = (verdict: SweepRun["verdict"]) => runs.filter((run) => run.verdict === verdict).length;
  const times = (number: number) => (number === 1 ? "One run" : `${number} runs`);
  const diverged = count("diverged");
  const idle = count("did not learn");
  const sentences = [
    diverged === 0 ? `None of the ${info.runs} runs diverged` : `${times(diverged)} of ${info.runs} diverged`,
    idle === 0
      ? "and all others learned something."
      : `and ${times(idle).toLowerCase()} ended no better than at the first step.`,
  ];
  const missing =
    info.missing > 0
      ? ` The settings file plans ${info.planned} runs today, of which ${info.missing} are not published${info.failed > 0 ? `; ${info.failed} could not be computed` : ""}.`
      : " Every run that the settings file plans is published.";
  return `${sentences.join(", ")}${missing}`;
}
