import {type ChartFigure, chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {emptyChart} from "./empty-chart.js";
import {formatRange} from "./format-range.js";
import {impossibleSentence, type LabDesk} from "./lab-desk.js";
import {labLossChart, type ShownRun} from "./lab-loss-chart.js";
import {labMap} from "./lab-map.js";
import {type LabRow, type LossIn, probedStep, probedSteps, probeRows} from "./lab-probes.js";
import type {RecordedFormat} from "./lost-shares.js";
import {percentage} from "./percentage.js";
import {stepSlider} from "./step-slider.js";
import {varianceChart} from "./variance-chart.js";
import {varianceColumns} from "./variance-columns.js";
import {whenSeen} from "./when-seen.js";

/** The charts of the lab. */
export interface LabFigures {
  readonly loss: ChartFigure;
  readonly lost: ChartFigure;
  readonly spread: ChartFigure;
  /** Draws what has changed. */
  readonly update: () => void;
}

/** Below this width rows are lower, so that both panels are seen with little scrolling. */
const narrow = 660;

export function labFigures(desk: LabDesk, {document}: {document: Document}): LabFigures {
  const loss = lossFigure(desk, document);
  const lost = lostFigure(desk, document);
  const spread = spreadFigure(desk, document);
  let drawnAt = desk.at();
  // Runs bring news all the time, and a slider that is dragged another step.
  const isHasty = () => desk.bench.active().length > 0 || desk.at() !== drawnAt;
  const [updateLoss, updateLost, updateSpread] = [loss, lost.figure, spread.figure].map((figure) =>
    whenSeen(figure.element, figure.update, {isHasty, document}),
  );
  let drawn = "";
  return {
    loss,
    lost: lost.figure,
    spread: spread.figure,
    update() {
      updateLoss();
      const steps = probedSteps(desk.shownRuns().map(({run}) => run));
      for (const {slider} of [lost, spread]) slider.update(steps, desk.at());
      // Probes come rarely: their charts need not follow every step.
      const {at, tensor, cast, format} = desk.state.get();
      const probes = desk.shownRuns().map(({title, run}) => [title, run.origin, run.probes.length, run.id]);
      const wanted = JSON.stringify([probes, noProbesText(desk), at, tensor, cast, format]);
      if (wanted === drawn) return;
      drawn = wanted;
      updateLost();
      updateSpread();
      drawnAt = desk.at();
    },
  };
}

function lossFigure(desk: LabDesk, document: Document): ChartFigure {
  return chartFigure<LossRow>({
    id: "loss",
    caption:
      "Figure 1. Training loss against steps: thin for each batch, bold for their running mean. Circles: loss on text " +
      "that was held out. Pale and broad behind a run of this tab: the recorded one.",
    source: () => sourceText(desk, "figure 1"),
    draw(options) {
      const runs = desk.shownRuns();
      if (runs.length === 0)
        return emptyChart(noRunsText(desk, "Press Train: the loss is drawn here."), {
          ...options,
          height: 280,
        });
      return labLossChart(runs, {...options, at: desk.at()});
    },
    data: () => ({caption: "Losses by step", rows: lossRows(desk.shownRuns()), columns: lossColumns}),
    document,
  });
}

function lostFigure(desk: LabDesk, document: Document) {
  const {state} = desk;
  const slider = atSlider(desk, document);
  const figure = chartFigure<LabRow>({
    id: "lost",
    caption:
      "Figure 2. What a cast turns to zero, through time and depth: the fuller a cell, the larger the share of the " +
      "tensor’s values that become zero. Numbers: the shares at the step shown. Click a step to see it.",
    source: () => sourceText(desk, "figure 2"),
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
      slider.element,
    ],
    draw(options) {
      const {tensor, cast} = state.get();
      const runs = desk.shownRuns();
      if (runs.every(({run}) => run.probes.length === 0)) return emptyChart(noProbesText(desk), options);
      return labMap(
        runs.map(({run, ...shown}) => ({
          title: heading(shown),
          steps: run.settings.steps,
          rows: probeRows(
            heading(shown),
            run.probes.filter((probe) => probe.tensor === tensor),
          ),
        })),
        {
          ...options,
          ...{tensor, lossIn: cast as LossIn, at: desk.at()},
          onSelect: (step) => state.set({at: String(step)}),
        },
      );
    },
    data: () => ({
      caption: "Every layer at every probed step, and what casts turn to zero",
      rows: allRows(desk).filter(({tensor}) => tensor === state.get().tensor),
      columns: probeColumns,
      allRows: allRows(desk),
    }),
    document,
  });
  return {figure, slider};
}

function spreadFigure(desk: LabDesk, document: Document) {
  const {state} = desk;
  const slider = atSlider(desk, document);
  const figure = chartFigure<LabRow>({
    id: "spread",
    caption:
      "Figure 3. Spread (root mean square) of every layer’s tensors at the step shown, from the embedding at the top to " +
      "the head at the bottom. Each step to the left halves it. Shaded: what each format can hold.",
    source: () => sourceText(desk, "figure 3"),
    controls: [
      slider.element,
      choiceControl(state, "format", {
        group: "spread-format",
        legend: "Format",
        labelOf: (name) => formatRange(name).label,
        document,
      }),
    ],
    draw({width, ...options}) {
      const runs = desk.shownRuns();
      const rows = rowsNow(desk);
      if (rows.length === 0) return emptyChart(noProbesText(desk), {width, ...options});
      return varianceChart(rows, {
        ...{
          stage: "",
          recipe: "",
          schemes: runs.map(heading),
          scaleRows: runs.flatMap(({run}) => run.probes),
        },
        ...{format: state.get().format as RecordedFormat, width, rowHeight: width < narrow ? 18 : 20},
        ...options,
      });
    },
    data: () => ({
      caption: "Every tensor at the step shown",
      rows: rowsNow(desk),
      columns: probeColumns,
      allRows: allRows(desk),
    }),
    document,
  });
  return {figure, slider};
}

const atSlider = ({state}: LabDesk, document: Document) =>
  stepSlider((step) => state.set({at: step === null ? "latest" : String(step)}), {document});

const heading = ({name, title}: Pick<ShownRun, "name" | "title">): string =>
  `${name.toUpperCase()}  ${title}`;

/** The probes of all steps. */
const allRows = (desk: LabDesk): LabRow[] =>
  desk.shownRuns().flatMap(({run, ...shown}) => probeRows(heading(shown), run.probes));

/** The probes of the step that is shown. */
const rowsNow = (desk: LabDesk): LabRow[] =>
  desk.shownRuns().flatMap(({run, ...shown}) => {
    const now = probedStep(run, desk.at());
    return probeRows(
      heading(shown),
      run.probes.filter(({step}) => step === now),
    );
  });

/** What stands where runs would be drawn: what to do, if it can be done. */
const noRunsText = (desk: LabDesk, invitation: string): string =>
  desk.isPossible() ? invitation : impossibleSentence;

function noProbesText(desk: LabDesk): string {
  const {names, checked} = desk.view();
  return names.every((name) => checked[name].settings?.probeEvery === 0)
    ? "“Probe every”, under “Data and length”, is 0: nothing is looked at while training."
    : noRunsText(desk, "Train, and every layer appears here.");
}

function sourceText(desk: LabDesk, figure: string): string {
  const runs = desk.shownRuns().map(({name, run}) => {
    return `${name.toUpperCase()} ${run.id?.slice(0, 12) ?? "not finished"}`;
  });
  return `Bitscape, “Lab”, ${figure}. ${runs.length > 0 ? `Runs: ${runs.join(", ")}.` : "No runs yet."}`;
}

interface LossRow {
  readonly run: string;
  readonly step: number;
  readonly loss: number;
  readonly heldOut: number | null;
}

const lossRows = (runs: readonly ShownRun[]): LossRow[] =>
  runs.flatMap(({name, run}) => {
    const heldOut = new Map(run.heldOutLoss.map(({step, loss}) => [step, loss]));
    return run.losses.map((loss, i) => ({
      ...{run: name.toUpperCase(), step: i + 1, loss},
      heldOut: heldOut.get(i + 1) ?? null,
    }));
  });

const nats = (value: number): string => value.toFixed(4);

const lossColumns: readonly Column<LossRow>[] = [
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
