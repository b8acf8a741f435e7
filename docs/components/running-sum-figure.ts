import {usageError} from "../src/errors.js";
import type {Kernels} from "../src/kernels/kernels.js";
import {type SumRuns, sumRunCount, sumRuns} from "../src/precision/running-sum.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {formatLabel} from "./format-label.js";
import type {PageState} from "./page-state.js";
import {resetButton} from "./reset-button.js";
import {isSeed, type RoundingChoices} from "./rounding-choices.js";
import {runningSumChart} from "./running-sum-chart.js";
import {runningSumSettings} from "./running-sum-settings.js";
import {textField} from "./text-field.js";

/** One line of the table: every sum after so many additions. */
interface SumRow {
  readonly step: number;
  readonly runs: SumRuns;
}

const sumColumn = (name: string, sumsOf: (runs: SumRuns) => Float64Array): Column<SumRow> => ({
  name,
  value: ({step, runs}) => sumsOf(runs)[step - 1],
  format: (sum) => String(Number(sum.toPrecision(6))),
});

const columns: readonly Column<SumRow>[] = [
  {name: "additions", value: ({step}) => step},
  sumColumn("exact", ({exact}) => exact),
  sumColumn("nearest_even", ({nearest}) => nearest),
  sumColumn("stochastic_mean", ({mean}) => mean),
  ...Array.from({length: sumRunCount}, (_, run) =>
    sumColumn(`stochastic_run_${run + 1}`, ({stochastic}) => stochastic[run]),
  ),
];

/** Lines of the table. */
const tableRows = 20;

export interface RunningSumFigureOptions {
  readonly state: PageState<RoundingChoices>;
  readonly kernels: Kernels;
  readonly document?: Document;
}

/** Running sums of many small numbers, computed while the reader looks on. */
export function runningSumFigure({
  state,
  kernels,
  document = globalThis.document,
}: RunningSumFigureOptions): HTMLElement {
  const names = ["sum", "add", "count", "random", "form", "seed"] as const;
  let settings = runningSumSettings(state.get());
  let runs = sumRuns(kernels, settings);
  const seed = textField({
    id: "running-sum-seed",
    label: "Seed",
    value: state.get().seed,
    onInput: (text) => {
      if (!isSeed(text))
        throw usageError(`"${text}" is not a seed: expected a whole number from 0 to 4294967295`);
      state.set({seed: text});
    },
    onStep: (direction) => state.set({seed: String(Number(state.get().seed) + direction)}),
    steps: {up: "Next seed", down: "Previous seed"},
    document,
  });
  const control = (
    name: "sum" | "add" | "count" | "random" | "form",
    legend: string,
    labelOf?: (value: string) => string,
  ) => choiceControl(state, name, {group: `running-sum-${name}`, legend, labelOf, document});
  const rows = (step: number): SumRow[] =>
    Array.from({length: Math.floor(settings.count / step)}, (_, i) => ({step: (i + 1) * step, runs}));

  const figure = chartFigure<SumRow>({
    id: "running-sum",
    caption:
      "Figure 2. A sum that is rounded after every addition. Thin lines are eight runs of stochastic rounding with " +
      "random bits of their own, the thick one is their mean. A seed stands for the numbers and for all the bits: the " +
      "same seed gives the same picture, everywhere.",
    source:
      "Bitscape, “Rounding”, figure 2. Computed in this tab: numbers and random bits by the kernels that train, sums by " +
      "src/formats/cast.ts.",
    controls: [
      control("sum", "Sum in", formatLabel),
      control("add", "Add", (value) => (value === "random" ? "random, 0 to 1" : value)),
      control("count", "How often", (value) => Number(value).toLocaleString("en")),
      control("random", "Random bits"),
      control("form", "Form", (value) => value.toUpperCase()),
      seed.element,
      resetButton(state, {document}),
    ],
    draw: (options) => runningSumChart(runs, {settings, ...options}),
    data: () => ({
      caption: "Sums after so many additions; the CSV file has every hundredth part",
      rows: rows(settings.count / tableRows),
      allRows: rows(settings.count / 100),
      columns,
    }),
    document,
  });
  state.subscribe((current) => {
    seed.update(current.seed);
    settings = runningSumSettings(current);
    runs = sumRuns(kernels, settings);
    figure.update();
  }, names);
  return figure.element;
}
