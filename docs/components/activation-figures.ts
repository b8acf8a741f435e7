import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {type Curve, curveChart} from "./curve-chart.js";
import {formatLabel} from "./format-label.js";
import type {MunitChoices} from "./munit-choices.js";
import type {PageState} from "./page-state.js";
import {percentage} from "./percentage.js";
import {powerLabel} from "./power-label.js";

/** A row of `loaders/activation-cast.arrow`. */
export interface CastRow {
  readonly activation: string;
  readonly format: string;
  readonly log2_spread: number;
  readonly underflow: number;
}

/** A row of `loaders/activation-underflow.arrow`. */
export interface UnderflowRow {
  readonly activation: string;
  readonly seed: number;
  /** Steps done. */
  readonly step: number;
  readonly block: number;
  readonly underflow_e4m3fn: number;
  readonly underflow_e5m2: number;
  readonly held_out_loss: number | null;
}

interface FigureOptions {
  readonly state: PageState<MunitChoices>;
  readonly document?: Document;
}

type DrawOptions = Pick<Parameters<typeof curveChart>[1], "width" | "palette" | "document"> & {
  readonly format: string;
};

const activations = [
  {activation: "gelu", name: "GELU", color: "forward"},
  {activation: "silu", name: "SiLU", color: "scaled"},
  {activation: "relu", name: "ReLU", color: "backward"},
] as const;

const share = (value: number): string => `${+(value * 100).toPrecision(3)}%`;

const castColumns: readonly Column<CastRow>[] = [
  {name: "activation", value: ({activation}) => activation},
  {name: "format", value: ({format}) => format},
  {name: "log2_spread", value: ({log2_spread}) => log2_spread},
  {name: "underflow", value: ({underflow}) => underflow, format: percentage},
];

/** Underflow of the outputs of activation functions, for normal inputs of any spread. */
export function castFigure(
  rows: readonly CastRow[],
  {state, document = globalThis.document}: FigureOptions,
): HTMLElement {
  const shown = () => rows.filter(({format}) => format === state.get().format);
  const figure = chartFigure<CastRow>({
    id: "cast",
    caption:
      "Figure 5. Share of the outputs of an activation function that a plain cast turns to zero, against the spread of " +
      "its inputs, which are normal. Outputs that are zero already do not count.",
    source:
      "Bitscape, “µnit scaling”, figure 5. Computed when the site was built: loaders/activation-cast-table.ts.",
    controls: [formatControl(state, "cast", document)],
    draw: (options) => castChart(rows, {format: state.get().format, ...options}),
    data: () => ({
      caption: `Share of non-zero outputs that a cast to ${formatLabel(state.get().format)} turns to zero`,
      rows: shown(),
      allRows: rows,
      columns: castColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["format"]);
  return figure.element;
}

export function castChart(rows: readonly CastRow[], {format, ...options}: DrawOptions): SVGSVGElement {
  const shown = rows.filter((row) => row.format === format);
  const powers = shown.map(({log2_spread}) => log2_spread);
  const [first, last] = [Math.min(...powers), Math.max(...powers)];
  const curves = activations.map(
    ({activation, name, color}): Curve => ({
      ...{name, color, mark: "line"},
      points: shown
        .filter((row) => row.activation === activation)
        .map(({log2_spread, underflow}) => ({x: log2_spread, y: underflow})),
    }),
  );
  return curveChart(curves, {
    x: {
      ...{type: "linear", domain: [first, last]},
      ticks: Array.from({length: (last - first) / 2 + 1}, (_, i) => first + 2 * i),
      format: (power) => (power === 0 ? "1" : powerLabel(power)),
      label: "spread of the inputs",
    },
    y: {...shareAxis(Math.max(...shown.map(({underflow}) => underflow)))},
    description: castClaim(rows, format),
    nameWidth: 64,
    height: 320,
    ...options,
  });
}

/** Which function loses what at unit spread and at a large one. */
export function castClaim(rows: readonly CastRow[], format: string): string {
  const at = (log2_spread: number) =>
    activations
      .map(({activation, name}) => {
        const row = rows.find(
          (row) => row.activation === activation && row.format === format && row.log2_spread === log2_spread,
        )!;
        return `${name} ${percentage(row.underflow)}`;
      })
      .join(", ");
  return `In ${formatLabel(format)}, inputs of spread 1 lose ${at(0)}; inputs of spread 16 lose ${at(4)}.`;
}

const underflowColumns: readonly Column<UnderflowRow>[] = [
  {name: "activation", value: ({activation}) => activation},
  {name: "seed", value: ({seed}) => seed},
  {name: "step", value: ({step}) => step},
  {name: "block", value: ({block}) => block},
  {name: "underflow_e4m3fn", value: (row) => row.underflow_e4m3fn, format: percentage},
  {name: "underflow_e5m2", value: (row) => row.underflow_e5m2, format: percentage},
  {name: "held_out_loss", value: (row) => row.held_out_loss, format: (loss) => loss.toFixed(3)},
];

/** The same underflow in models, as they train. */
export function underflowFigure(
  rows: readonly UnderflowRow[],
  {state, document = globalThis.document}: FigureOptions,
): HTMLElement {
  const figure = chartFigure<UnderflowRow>({
    id: "underflow",
    caption:
      "Figure 6. The same share in models that train in plain FP8 under µnit scaling, against the steps done: the input " +
      "of the second feed-forward layer, mean over all blocks; one line for each seed.",
    source:
      "Bitscape, “µnit scaling”, figure 6. Runs: bitscape sweep activations, published in data/sweeps/activations.jsonl.gz.",
    controls: [formatControl(state, "underflow", document)],
    draw: (options) => underflowChart(rows, {format: state.get().format, ...options}),
    data: () => ({
      caption: "Share of the non-zero outputs of the activation function that a cast turns to zero, by block",
      rows,
      columns: underflowColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["format"]);
  return figure.element;
}

export function underflowChart(
  rows: readonly UnderflowRow[],
  {format, ...options}: DrawOptions,
): SVGSVGElement {
  const steps = [...new Set(rows.map(({step}) => step))].sort((a, b) => a - b);
  const seeds = [...new Set(rows.map(({seed}) => seed))];
  const curves = activations.flatMap(({activation, name, color}) =>
    seeds.map((seed, i): Curve => {
      const run = rows.filter((row) => row.activation === activation && row.seed === seed);
      const points = steps.map((x) => ({x, y: meanUnderflow(run, {step: x, format})}));
      return {name: i === 0 ? name : undefined, color, mark: "line", points};
    }),
  );
  return curveChart(curves, {
    x: {type: "linear", domain: [0, steps.at(-1)!], ticks: steps, format: String, label: "steps done"},
    y: shareAxis(Math.max(...curves.flatMap(({points}) => points.map(({y}) => y)))),
    description: underflowClaim(rows, format),
    nameWidth: 64,
    height: 320,
    ...options,
  });
}

/** What the functions lose at the end of training, and the losses that the models reach. */
export function underflowClaim(rows: readonly UnderflowRow[], format: string): string {
  const last = Math.max(...rows.map(({step}) => step));
  const parts = activations.map(({activation, name}) => {
    const runs = rows.filter((row) => row.activation === activation);
    const losses = [...new Set(runs.map((row) => row.held_out_loss))].filter((loss) => loss !== null);
    const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    const end = losses.length > 0 ? `, with a loss of ${loss.toFixed(2)} nats` : "";
    return `${name} loses ${percentage(meanUnderflow(runs, {step: last, format}))}${end}`;
  });
  return `After ${last} steps, in ${formatLabel(format)}, ${parts.join("; ")}.`;
}

function meanUnderflow(
  rows: readonly UnderflowRow[],
  {step, format}: {readonly step: number; readonly format: string},
): number {
  const values = rows
    .filter((row) => row.step === step)
    .map((row) => (format === "e5m2" ? row.underflow_e5m2 : row.underflow_e4m3fn));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** From zero to a little above the largest share. */
function shareAxis(largest: number) {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((step) => largest / step <= 5) ?? 0.25;
  const count = Math.max(1, Math.ceil(largest / step));
  return {
    type: "linear",
    domain: [0, count * step],
    ticks: Array.from({length: count + 1}, (_, i) => i * step),
    format: share,
    label: "turned to zero",
  } as const;
}

const formatControl = (state: PageState<MunitChoices>, figure: string, document: Document) =>
  choiceControl(state, "format", {
    ...{group: `${figure}-format`, legend: "Cast to", labelOf: formatLabel, document},
  });
