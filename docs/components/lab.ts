import {elementMaker} from "./element-maker.js";
import {isResting, type LabRun} from "./lab-bench.js";
import {labChooser} from "./lab-chooser.js";
import {impossibleSentence, type LabData, type LabDesk, type LabDeskOptions, labDesk} from "./lab-desk.js";
import {labFigures} from "./lab-figures.js";
import {type LabFile, labFiles} from "./lab-files.js";
import {labForm} from "./lab-form.js";
import {labPresence} from "./lab-presence.js";
import {inB, type RunName} from "./lab-state.js";
import {countText, durationText} from "./lab-status.js";
import {labTakeaway} from "./lab-takeaway.js";
import {labText} from "./lab-text.js";
import {plainTitle} from "./lab-titles.js";
import {transport} from "./lab-transport.js";
import {labUndo} from "./lab-undo.js";
import {pacedDrawing} from "./paced-drawing.js";

export type {LabData} from "./lab-desk.js";

export interface LabOptions extends Omit<LabDeskOptions, "window"> {
  readonly document?: Document;
}

/** The parts of the page. */
export interface Lab {
  readonly chooser: HTMLElement;
  readonly takeaway: HTMLElement;
  /** Controls, loss and settings. */
  readonly bench: HTMLElement;
  readonly lost: HTMLElement;
  readonly spread: HTMLElement;
  readonly files: HTMLElement;
}

/** Seconds from which a run is long enough to think about. */
const longRun = 120;

/** Two training runs, composed, trained, watched and compared in the page. */
export function lab(data: LabData, {document = globalThis.document, ...options}: LabOptions): Lab {
  const make = elementMaker(document);
  const window = document.defaultView!;
  const desk = labDesk(data, {...options, window});
  const {state, bench, fields, form, texts} = desk;
  let hiddenNote = "";

  const chooser = labChooser(state, form.fields, {document});
  const takeaway = make("p", {class: "takeaway"});
  const controls = transport(
    {
      onTrain: () => desk.train(),
      onPause: bench.pause,
      onGo: () => bench.go(),
      onStep: (steps) => (bench.active().length > 0 ? bench.go(steps) : desk.train(steps)),
      onStop: bench.stop,
      onShowWrong: (name) => settings.showWrong(name),
    },
    {document},
  );
  const ownText = labText(
    (text) => {
      const corpusChecksum = texts.add(text);
      const asA = {[inB("corpus")]: "", [inB("corpusChecksum")]: ""};
      // Forgotten first, so that another text of the same name is noticed.
      state.set({corpus: "", corpusChecksum: ""});
      state.set({corpus: text.name, corpusChecksum, ...asA});
    },
    {document},
  );
  const undo = labUndo({state, fields, keys: form.fields.map(({key}) => key), document});
  const settings = labForm({
    ...{state, fields, head: undo.element, extras: {data: ownText}, document},
    onLeaveField: undo.leaveField,
    onSubmit: () => {
      if (bench.active().length === 0) desk.train();
    },
  });
  const figures = labFigures(desk, {document});
  const files = labFiles({document});

  let drawn: readonly unknown[] = [];
  // The steps of a run change nothing of these.
  const updateSettings = () => {
    const view = desk.view();
    const isLocked = bench.active().length > 0;
    const wanted = [view, isLocked, ...view.names.map((name) => desk.resultOf(name)?.weightHash)];
    if (wanted.every((value, i) => value === drawn[i])) return;
    drawn = wanted;
    settings.update({...view, isLocked, corpora: texts.names()});
    chooser.update(isLocked);
    undo.update(isLocked);
    files.update(view.names.map((name) => fileOf(desk, name)));
  };
  const update = pacedDrawing(() => {
    const isWaiting = bench.restingStep() !== null;
    controls.update(desk.transportRuns(), noteText(desk, hiddenNote), isWaiting);
    takeaway.textContent = takeawayText(desk);
    updateSettings();
    figures.update();
  }, window);
  state.subscribe(() => {
    hiddenNote = "";
  });
  desk.subscribe(update);
  labPresence(
    bench,
    (note) => {
      hiddenNote = note;
      update();
    },
    document,
  );
  return {
    chooser: chooser.element,
    takeaway,
    bench: make(
      "div",
      {class: "lab-bench"},
      make("div", {class: "lab-run"}, controls.element, figures.loss.element),
      settings.element,
    ),
    lost: figures.lost.element,
    spread: figures.spread.element,
    files: files.element,
  };
}

function takeawayText(desk: LabDesk): string {
  return desk.isPossible() ? labTakeaway(desk.shownRuns()) : impossibleSentence;
}

function noteText({bench, secondsAhead, view, resultOf}: LabDesk, hiddenNote: string): string {
  const active = bench.active();
  const restingStep = bench.restingStep();
  if (restingStep !== null) {
    const runs = view().names.flatMap((name) => resultOf(name) ?? []);
    return restingText(runs, restingStep);
  }
  if (active.every(isResting) && new Set(active.map(({step}) => step)).size > 1)
    return "The runs rest at different steps: the next step brings them together.";
  if (hiddenNote) return hiddenNote;
  if (active.length > 0) return "Settings can be changed once the runs end.";
  return secondsAhead() > longRun
    ? "That is long for a tab: fewer steps, less width or fewer layers show the same sooner."
    : "";
}

/** What a pause waits for, how long, and how not to wait. */
function restingText(runs: readonly LabRun[], restingStep: number): string {
  const [behind, other] = isResting(runs[0]) ? ["B", "A"] : ["A", "B"];
  const {step, seconds} = runs[behind === "A" ? 0 : 1];
  const wait = step > 0 ? `: about ${durationText(((restingStep - step) * seconds) / step)}` : "";
  return (
    `Run ${other} rests. Run ${behind} goes on to the same step, ${countText(restingStep)}${wait}. ` +
    "“Pause now” holds it where it is."
  );
}

function fileOf({view, resultOf, form, fields, texts}: LabDesk, name: RunName): LabFile {
  const {settings} = view().checked[name];
  const own = view().texts[name];
  const run = resultOf(name);
  const corpus = settings && texts.given(settings);
  const lines = [
    ...fileHeading(name, run),
    ...(corpus ? [`It reads ${corpus.name} of the folder in which it is trained.`] : []),
  ];
  const text = settings && form.file(own, [`Bitscape: ${plainTitle(own, fields)}.`, ...lines]);
  return {name, title: view().titles[name], run, text, corpus};
}

const fileHeading = (name: RunName, run: LabRun | undefined): string[] =>
  run?.weightHash
    ? [`npx bitscape train run-${name}.yaml arrives at weights ${run.weightHash}`, `(engine ${run.engine}).`]
    : [`To train: npx bitscape train run-${name}.yaml`];
