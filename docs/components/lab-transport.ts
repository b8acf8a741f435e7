import {elementMaker} from "./element-maker.js";
import {enable, isEnabled} from "./enable-button.js";
import {isActive, isResting, type LabRun} from "./lab-bench.js";
import type {RunName} from "./lab-state.js";

/** A run as the controls see it. */
export interface TransportRun {
  readonly name: RunName;
  readonly title: string;
  readonly run: LabRun | undefined;
  /** Where the run stands, or what it would take. */
  readonly status: string;
  /** Whether its settings allow a start. */
  readonly isPossible: boolean;
  /** Whether the form marks one of them as wrong. */
  readonly isMarked: boolean;
}

export interface TransportActions {
  readonly onTrain: () => void;
  readonly onPause: () => void;
  readonly onGo: () => void;
  readonly onStep: (steps: number) => void;
  readonly onStop: () => void;
  /** Leads to the first setting that makes the run impossible. */
  readonly onShowWrong: (name: RunName) => void;
}

export interface Transport {
  readonly element: HTMLElement;
  /** @param isWaiting whether a run that is to pause still goes on to where the other rests */
  readonly update: (runs: readonly TransportRun[], note: string, isWaiting: boolean) => void;
}

/** What starts, pauses, steps and stops the runs, and where they stand. */
export function transport(
  {onTrain, onPause, onGo, onStep, onStop, onShowWrong}: TransportActions,
  {document = globalThis.document}: {document?: Document} = {},
): Transport {
  const make = elementMaker(document);
  const button = (label: string, action: () => void, name = label) => {
    const element = make(
      "button",
      {type: "button", class: "transport-button", ...(name === label ? {} : {"aria-label": name})},
      label,
    );
    element.addEventListener("click", () => isEnabled(element) && action());
    return element;
  };
  let action: () => void = onTrain;
  const main = button("Train", () => action());
  main.classList.add("primary");
  const step = button("Step", () => onStep(1), "One step");
  const steps = button("10 steps", () => onStep(10));
  const stop = button("Stop", onStop);
  const lines = {a: runLine("a", onShowWrong, document), b: runLine("b", onShowWrong, document)};
  const note = make("p", {class: "transport-note", role: "status"});
  const spoken = make("p", {class: "visually-hidden", role: "status"});
  const element = make(
    "div",
    {class: "lab-transport"},
    make("div", {class: "transport-buttons"}, main, step, steps, stop),
    make("div", {class: "run-lines"}, lines.a.element, lines.b.element),
    note,
    spoken,
  );
  let phases = "";
  return {
    element,
    update(runs, text, isWaiting) {
      const active = runs.filter(({run}) => run && isActive(run));
      const isRunning = !active.every(({run}) => isResting(run!));
      action = active.length === 0 ? onTrain : isRunning ? onPause : onGo;
      main.textContent =
        active.length === 0 ? trainLabel(runs) : isRunning ? (isWaiting ? "Pause now" : "Pause") : "Go on";
      note.classList.toggle("of-waiting", isWaiting);
      const obstacles = active.length > 0 ? [] : waiting(runs).filter(({isPossible}) => !isPossible);
      const isPossible = obstacles.length === 0;
      const reasons = obstacles.map(({name}) => statusId(name)).join(" ");
      for (const control of [main, step, steps]) {
        enable(control, isPossible && !(isRunning && control !== main));
        if (isPossible) control.removeAttribute("aria-describedby");
        else control.setAttribute("aria-describedby", reasons);
      }
      enable(stop, active.length > 0);
      for (const line of Object.values(lines)) {
        line.update(runs.find(({name}) => name === line.name));
      }
      if (note.textContent !== text) note.textContent = text;
      // Heard when a run begins, rests or ends, and not at each step.
      const now = runs.map(({name, run}) => `${name} ${run?.origin} ${run?.status}`).join();
      if (now === phases) return;
      if (phases && runs.some(({run}) => run?.origin === "tab")) {
        spoken.textContent = runs.map(({name, status}) => `Run ${name.toUpperCase()}: ${status}`).join(" ");
      }
      phases = now;
    },
  };
}

const statusId = (name: RunName): string => `run-${name}-status`;

/** The runs that a start would train: those without a result, or all if none is left. */
export function waiting<Run extends Pick<TransportRun, "run">>(runs: readonly Run[]): readonly Run[] {
  const left = runs.filter(({run}) => run?.status !== "done");
  return left.length > 0 ? left : runs;
}

function trainLabel(runs: readonly TransportRun[]): string {
  const meant = waiting(runs);
  // As long as before the runs, so that the buttons stay in one line on a phone.
  const here = meant.every(({run}) => run?.status === "done" && run.origin === "tab") ? "again" : "here";
  if (runs.length === 1) return `Train ${here}`;
  return meant.length === runs.length
    ? `Train both ${here}`
    : `Train run ${meant[0].name.toUpperCase()} here`;
}

function runLine(name: RunName, onShowWrong: TransportActions["onShowWrong"], document: Document) {
  const make = elementMaker(document);
  const title = make("strong");
  const status = make("span", {class: "run-status", id: statusId(name)});
  const showWrong = make("button", {type: "button", class: "show-wrong"}, "Show the setting");
  showWrong.addEventListener("click", () => onShowWrong(name));
  const progress = make("progress", {max: 1, value: 0, "aria-label": `Steps of run ${name.toUpperCase()}`});
  const chip = make("span", {class: `run-chip run-${name}`}, name.toUpperCase());
  const element = make(
    "div",
    {class: "run-line"},
    chip,
    make("div", {}, title, " ", status, " ", showWrong, progress),
  );
  return {
    name,
    element,
    update(view: TransportRun | undefined) {
      element.hidden = view === undefined;
      if (!view) return;
      title.textContent = view.title;
      status.textContent = view.status;
      showWrong.hidden = !view.isMarked;
      const {run} = view;
      progress.max = run?.settings.steps ?? 1;
      progress.value = run?.step ?? 0;
      element.dataset.status = run
        ? run.diverged
          ? "diverged"
          : run.status
        : view.isPossible
          ? "none"
          : "impossible";
      element.dataset.origin = run?.origin ?? "none";
    },
  };
}
