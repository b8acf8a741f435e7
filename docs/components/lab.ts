import type {CorpusDeclaration} from "../src/training/corpora/declarations.js";
import type {RunSettings} from "../src/training/run-settings.js";
import type {CheckedSettings, SettingsForm} from "../src/training/settings-form.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import {emptyChart} from "./empty-chart.js";
import {formatRange} from "./format-range.js";
import {createBench, type LabRun, type RecordedRun} from "./lab-bench.js";
import {labChooser} from "./lab-chooser.js";
import {experiments} from "./lab-experiments.js";
import {type LabField, labFields} from "./lab-fields.js";
import {labFiles} from "./lab-files.js";
import {labForm} from "./lab-form.js";
import {labLossChart, type ShownRun} from "./lab-loss-chart.js";
import {labMap} from "./lab-map.js";
import {type LabRow, type LossIn, probedStep, probedSteps, probeRows} from "./lab-probes.js";
import {inB, type LabState, labChoices, type RunName, runTexts} from "./lab-state.js";
import {countText, durationText, runEstimate, runOperations, runStatus} from "./lab-status.js";
import {labTakeaway} from "./lab-takeaway.js";
import {labText, type OwnText} from "./lab-text.js";
import {runTitles} from "./lab-titles.js";
import {type TransportRun, transport, waiting} from "./lab-transport.js";
import type {RecordedFormat} from "./lost-shares.js";
import {ownTexts} from "./own-texts.js";
import {pageState} from "./page-state.js";
import {perFrame} from "./per-frame.js";
import {percentage} from "./percentage.js";
import type {TrainingWorker} from "./run-in-tab.js";
import {stepSlider} from "./step-slider.js";
import {varianceChart} from "./variance-chart.js";
import {varianceColumns} from "./variance-columns.js";

/** What `loaders/lab.json` holds. */
export interface LabData {
  readonly runs: readonly RecordedRun[];
  readonly corpora: Readonly<
    Record<string, {readonly declaration: CorpusDeclaration; readonly checksum: string}>
  >;
}

export interface LabOptions {
  readonly settings: typeof import("../src/training/settings-form.js");
  readonly startWorker: () => TrainingWorker;
  readonly document?: Document;
}

/** The parts of the page; they share one state and one bench. */
export interface Lab {
  readonly chooser: HTMLElement;
  readonly takeaway: HTMLElement;
  readonly bench: HTMLElement;
  readonly lost: HTMLElement;
  readonly spread: HTMLElement;
  readonly files: HTMLElement;
}

/** What the settings of the form mean at this moment. */
interface LabView {
  readonly names: readonly RunName[];
  readonly texts: Readonly<Record<RunName, Readonly<Record<string, string>>>>;
  readonly checked: Readonly<Record<RunName, CheckedSettings>>;
  readonly titles: Readonly<Record<RunName, string>>;
}

/** Below this width rows are lower, so that both panels are seen with little scrolling. */
const narrow = 660;

/** Seconds from which a run is long enough to think about. */
const longRun = 120;

/** Runs composed, trained and compared in the page. */
export function lab(
  {runs: recorded, corpora}: LabData,
  {settings: {settingsForm, textChecksum}, startWorker, document = globalThis.document}: LabOptions,
): Lab {
  const make = elementMaker(document);
  const window = document.defaultView!;
  const texts = ownTexts(corpora, textChecksum);
  const form: SettingsForm = settingsForm(texts.checksum);
  const fields = labFields(form.fields, form.recipes);
  const state: LabState = pageState(labChoices(form.fields, experiments[0]), window);
  const bench = createBench({recorded, startWorker, corpusOf: texts.source});
  let view = readView();

  function readView(): LabView {
    const current = state.get();
    const settings = {a: runTexts(current, form.fields, "a"), b: runTexts(current, form.fields, "b")};
    return {
      names: current.compare === "yes" ? ["a", "b"] : ["a"],
      texts: settings,
      checked: {a: form.check(settings.a), b: form.check(settings.b)},
      titles: runTitles(current.compare === "yes" ? settings : {a: settings.a, b: settings.a}, fields),
    };
  }
  const resultOf = (name: RunName): LabRun | undefined => {
    const {settings} = view.checked[name];
    return settings && bench.result(settings);
  };
  const shownRuns = (): ShownRun[] =>
    view.names.flatMap((name) => {
      const run = resultOf(name);
      if (!run) return [];
      const behind = run.origin === "tab" ? bench.recorded(run.settings) : undefined;
      return [{name, title: view.titles[name], run, recorded: behind}];
    });
  const at = () => (state.get().at === "latest" ? null : Number(state.get().at));
  const heading = (name: RunName) => `${name.toUpperCase()}  ${view.titles[name]}`;

  // Speed: of the latest run of this tab, otherwise of the computer that recorded.
  const rateOf = (run: LabRun) =>
    (runOperations({...run, parameters: run.parameters ?? 0}) * (run.step / run.settings.steps)) /
    run.seconds;
  const measured = () =>
    (["a", "b"] as const)
      .map(resultOf)
      .find((run) => run?.origin === "tab" && run.parameters && run.seconds > 0.2);
  let rate = {
    rate: Math.max(...recorded.map((run) => runOperations(run) / run.timing.seconds)),
    isMeasured: false,
  };
  const estimate = (settings: RunSettings) =>
    runEstimate({settings, parameters: form.countParameters(settings, texts.vocabularySize(settings))}, rate);

  const transportRuns = (): TransportRun[] =>
    view.names.map((name) => {
      const {settings} = view.checked[name];
      const run = settings && bench.result(settings);
      const status = settings
        ? run
          ? runStatus(run, run.origin === "tab" ? bench.recorded(settings) : undefined)
          : estimate(settings).text
        : impossibleText(view.checked[name], fields);
      return {name, title: view.titles[name], run, status, isPossible: settings !== undefined};
    });
  const train = (steps?: number) => {
    const runs = waiting(transportRuns());
    if (runs.some(({isPossible}) => !isPossible)) return;
    state.set({at: "latest"});
    bench.start(
      runs.map(({name}) => view.checked[name].settings!),
      steps,
    );
  };
  const controls = transport(
    {
      onTrain: () => train(),
      onPause: bench.pause,
      onGo: () => bench.go(),
      onStep: (steps) => (bench.active().length > 0 ? bench.go(steps) : train(steps)),
      onStop: bench.stop,
    },
    {document},
  );
  const ownText = labText(
    (text: OwnText) => {
      const checksum = texts.add(text);
      state.set({
        corpus: text.name,
        corpusChecksum: checksum,
        [inB("corpus")]: "",
        [inB("corpusChecksum")]: "",
      });
      changeSettings();
    },
    {document},
  );
  const settingsOfRuns = labForm({
    state,
    fields,
    onSubmit: () => {
      if (bench.active().length === 0) train();
    },
    extras: {data: ownText},
    document,
  });
  const chooser = labChooser(state, form.fields, {document});
  const files = labFiles({document});
  const takeaway = make("p", {class: "takeaway tall"});

  const source = (figure: string) => {
    const ids = shownRuns().map(
      ({name, run}) => `${name.toUpperCase()} ${run.id?.slice(0, 12) ?? "not finished"}`,
    );
    return `Bitscape, “Lab”, ${figure}. Runs: ${ids.join(", ")}.`;
  };
  const loss = chartFigure<LossPointRow>({
    id: "loss",
    caption:
      "Figure 1. Training loss against steps: thin for each batch, bold for their running mean. Circles: loss on text " +
      "that was held out. Pale and broad behind a run of this tab: the recorded one.",
    source: source("figure 1"),
    draw: (options) => {
      const runs = shownRuns();
      if (runs.length === 0)
        return emptyChart("Press Train: the loss is drawn here.", {...options, height: 280});
      return labLossChart(runs, {...options, at: at()});
    },
    data: () => ({caption: "Losses by step", rows: lossRows(shownRuns()), columns: lossColumns}),
    document,
  });
  const format = () => state.get().format as RecordedFormat;
  const sliders = {lost: slider(), spread: slider()};
  function slider() {
    return stepSlider((step) => state.set({at: step === null ? "latest" : String(step)}), {document});
  }
  const lost = chartFigure<LabRow>({
    id: "lost",
    caption:
      "Figure 2. What a cast turns to zero, through time and depth: the fuller a cell, the larger the share of the " +
      "tensor’s values that become zero. Numbers: the shares at the step shown. Click a step to see it.",
    source: source("figure 2"),
    controls: [
      choiceControl(state, "tensor", {
        group: "lost-tensor",
        legend: "Tensor",
        labelOf: (tensor) => `${tensor}s`,
        document,
      }),
      choiceControl(state, "cast", {
        group: "lost-cast",
        legend: "Cast to",
        labelOf: (name) => (name === "recipe" ? "what the recipe says" : formatRange(name).label),
        document,
      }),
      sliders.lost.element,
    ],
    draw: (options) => {
      const {tensor} = state.get();
      const runs = shownRuns();
      if (probedSteps(runs.map(({run}) => run)).length === 0) return emptyChart(noProbes(), options);
      return labMap(
        runs.map(({name, run}) => ({
          title: heading(name),
          steps: run.settings.steps,
          rows: probeRows(
            heading(name),
            run.probes.filter((probe) => probe.tensor === tensor),
          ),
        })),
        {
          ...options,
          ...{tensor, lossIn: state.get().cast as LossIn, at: at()},
          onSelect: (step) => state.set({at: String(step)}),
        },
      );
    },
    data: () => ({
      caption: "Every tensor at every probed step, and what casts turn to zero",
      rows: allProbes().filter(({tensor}) => tensor === state.get().tensor),
      columns: probeColumns,
      allRows: allProbes(),
    }),
    document,
  });
  const spread = chartFigure<LabRow>({
    id: "spread",
    caption:
      "Figure 3. Spread (root mean square) of every layer’s tensors at the step shown, from the embedding at the top to " +
      "the head at the bottom. Each step to the left halves it. Shaded: what each format can hold.",
    source: source("figure 3"),
    controls: [
      sliders.spread.element,
      choiceControl(state, "format", {
        group: "spread-format",
        legend: "Format",
        labelOf: (name) => formatRange(name).label,
        document,
      }),
    ],
    draw: ({width, ...options}) => {
      const rows = probesAt();
      if (rows.length === 0) return emptyChart(noProbes(), {width, ...options});
      return varianceChart(rows, {
        ...{stage: "", recipe: "", schemes: shownRuns().map(({name}) => heading(name))},
        ...{scaleRows: allProbes(), format: format(), width, rowHeight: width < narrow ? 18 : 20},
        ...options,
      });
    },
    data: () => ({
      caption: "Every tensor at the step shown",
      rows: probesAt(),
      columns: probeColumns,
      allRows: allProbes(),
    }),
    document,
  });
  const noProbes = () =>
    view.names.every((name) => view.checked[name].settings?.probeEvery === 0)
      ? "“Probe every”, under “Data and length”, is 0: nothing is looked at while training."
      : "Train, and every layer appears here.";
  function allProbes(): LabRow[] {
    return shownRuns().flatMap(({name, run}) => probeRows(heading(name), run.probes));
  }
  function probesAt(): LabRow[] {
    return shownRuns().flatMap(({name, run}) => {
      const step = probedStep(run, at());
      return probeRows(
        heading(name),
        run.probes.filter((probe) => probe.step === step),
      );
    });
  }

  let hiddenSince: readonly LabRun[] = [];
  let note = "";
  const pageTitle = document.title;
  const showTitle = () => {
    const active = bench.active();
    const done = active.reduce((sum, {step}) => sum + step, 0);
    const all = active.reduce((sum, {settings}) => sum + settings.steps, 0);
    document.title = active.length > 0 ? `${Math.floor((100 * done) / all)} % · ${pageTitle}` : pageTitle;
  };
  const noteNow = () => {
    if (bench.active().length > 0)
      return note || "Settings can be changed once the runs are done or stopped.";
    if (note) return note;
    const long = transportRuns().flatMap(({name, run, isPossible}) => {
      if (!isPossible || (run && run.status !== "starting")) return [];
      const {seconds} = estimate(view.checked[name].settings!);
      return seconds > longRun ? [durationText(seconds)] : [];
    });
    return long.length > 0
      ? "That is long for a tab: fewer steps, less width or fewer layers show the same sooner."
      : "";
  };

  const updateControls = () => {
    const run = measured();
    if (run) rate = {rate: rateOf(run), isMeasured: true};
    const isLocked = bench.active().length > 0;
    controls.update(transportRuns(), noteNow());
    settingsOfRuns.update({...view, isLocked, corpora: texts.names()});
    chooser.update(isLocked);
    takeaway.textContent = view.names.every((name) => view.checked[name].settings)
      ? labTakeaway(shownRuns())
      : "These settings are impossible: the form marks what is to change.";
    const steps = probedSteps(shownRuns().map(({run}) => run));
    for (const {update} of Object.values(sliders)) update(steps, at());
    files.update(
      view.names.map((name) => {
        const {settings} = view.checked[name];
        const run = resultOf(name);
        return {
          ...{name, title: view.titles[name], run},
          text: settings && form.file(view.texts[name], fileHeading(name, run)),
          corpus: settings && texts.given(settings.corpus),
        };
      }),
    );
  };
  const drawSource = (figure: {element: HTMLElement}, name: string) => {
    const line = figure.element.querySelector(".chart-source");
    if (line) line.textContent = source(name);
  };
  let drawnProbes = "";
  const draw = () => {
    loss.update();
    const probes = shownRuns().map(({name, run}) => [
      name,
      run.origin,
      run.probes.length,
      run.id,
      view.titles[name],
    ]);
    const wanted = JSON.stringify([
      probes,
      state.get().at,
      state.get().tensor,
      state.get().cast,
      state.get().format,
    ]);
    if (wanted === drawnProbes) return;
    drawnProbes = wanted;
    lost.update();
    spread.update();
  };
  const update = perFrame(() => {
    updateControls();
    draw();
    drawSource(loss, "figure 1");
    drawSource(lost, "figure 2");
    drawSource(spread, "figure 3");
  }, window);
  function changeSettings() {
    note = "";
    view = readView();
    update();
  }

  bench.subscribe(() => {
    showTitle();
    update();
  });
  state.subscribe(changeSettings);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenSince = bench.active();
    else {
      note = hiddenNote(hiddenSince, bench.result);
      update();
    }
  });
  // Browsers then ask whether the page is to be left.
  window.addEventListener("beforeunload", (event) => {
    if (bench.active().length > 0) event.preventDefault();
  });

  const fileHeading = (name: RunName, run: LabRun | undefined) => [
    `Bitscape: ${view.titles[name]}.`,
    ...(run?.weightHash
      ? [`bitscape train run-${name}.yaml arrives at weights ${run.weightHash}`, `(engine ${run.engine}).`]
      : [`To train: bitscape train run-${name}.yaml`]),
    ...(texts.given(view.texts[name].corpus) ? [`It reads ${view.texts[name].corpus} beside it.`] : []),
  ];
  updateControls();
  const {element: benchElement} = {
    element: make(
      "div",
      {class: "lab-bench"},
      make("div", {class: "lab-run"}, controls.element, loss.element),
      settingsOfRuns.element,
    ),
  };
  return {
    chooser: chooser.element,
    takeaway,
    bench: benchElement,
    lost: lost.element,
    spread: spread.element,
    files: files.element,
  };
}

function impossibleText({errors}: CheckedSettings, fields: readonly LabField[]): string {
  const [[key, message]] = Object.entries(errors);
  const label = fields.find((field) => field.key === key)?.label ?? key;
  return `Impossible: ${label}: ${message}.`;
}

/** What happened to runs while nobody could see them. */
function hiddenNote(
  before: readonly LabRun[],
  resultOf: (settings: RunSettings) => LabRun | undefined,
): string {
  const went = before.flatMap(({step, status, settings}) => {
    const now = resultOf(settings);
    if (!now || status === "paused" || now.status === "failed") return [];
    return now.step > step
      ? [`from step ${countText(step)} to ${countText(now.step)}`]
      : ["no further: this browser holds hidden tabs"];
  });
  return went.length > 0
    ? `While this tab was hidden, training went on ${[...new Set(went)].join(" and ")}.`
    : "";
}

interface LossPointRow {
  readonly run: string;
  readonly step: number;
  readonly loss: number;
  readonly heldOut: number | null;
}

const lossRows = (runs: readonly ShownRun[]): LossPointRow[] =>
  runs.flatMap(({name, run}) => {
    const heldOut = new Map(run.heldOutLoss.map(({step, loss}) => [step, loss]));
    return run.losses.map((loss, i) => ({
      ...{run: name.toUpperCase(), step: i + 1, loss},
      heldOut: heldOut.get(i + 1) ?? null,
    }));
  });

const nats = (value: number): string => value.toFixed(4);

const lossColumns: readonly Column<LossPointRow>[] = [
  {name: "run", value: ({run}) => run},
  {name: "step", value: ({step}) => step},
  {name: "training loss", value: ({loss}) => loss, format: nats},
  {name: "held-out loss", value: ({heldOut}) => heldOut, format: nats},
];

const probeColumns: readonly Column<LabRow>[] = [
  {name: "run", value: ({scheme}) => scheme},
  {name: "step", value: ({step}) => step},
  ...varianceColumns.slice(1),
  {name: "to zero in the recipe’s casts", value: ({lostInCast}) => lostInCast, format: percentage},
];
