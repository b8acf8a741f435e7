import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {type Curve, curveChart} from "./curve-chart.js";
import {powerLabel} from "./power-label.js";

/** A row of `loaders/attention-position.arrow`. */
export interface PositionRow {
  readonly values: "theory" | "independent" | "text";
  readonly softmax: "plain" | "square-root";
  /** From 1. */
  readonly position: number;
  readonly spread: number;
}

const columns: readonly Column<PositionRow>[] = [
  {name: "values", value: ({values}) => values},
  {name: "softmax", value: ({softmax}) => softmax},
  {name: "position", value: ({position}) => position},
  {name: "spread", value: ({spread}) => spread, format: (spread) => spread.toFixed(4)},
];

const titles = {plain: "softmax", "square-root": "√softmax"} as const;
const colors = {plain: "forward", "square-root": "scaled"} as const;

/** Attention's spread by position, in theory, over independent values, and in an untrained model that reads text. */
export function positionFigure(
  rows: readonly PositionRow[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  return chartFigure<PositionRow>({
    id: "position",
    caption:
      "Figure 2. Spread of what attention puts out, by the position in the sequence. Dashed: theory, for values that " +
      "have nothing to do with each other. Dots: the attention of this project’s engine over such values, of spread 1. " +
      "Solid: the first block of a model with µnit scaling that has learned nothing, reading text.",
    source:
      "Bitscape, “µnit scaling”, figure 2. Computed when the site was built: loaders/attention-position-table.ts.",
    draw: (options) => positionChart(rows, options),
    data: () => ({caption: "Spread of attention’s output by position", rows, columns}),
    document,
  }).element;
}

type DrawOptions = Pick<Parameters<typeof curveChart>[1], "width" | "palette" | "document">;

export function positionChart(rows: readonly PositionRow[], options: DrawOptions = {}): SVGSVGElement {
  const curves = (["square-root", "plain"] as const).flatMap((softmax): Curve[] => {
    const of = (values: PositionRow["values"]) =>
      rows
        .filter((row) => row.values === values && row.softmax === softmax)
        .map(({position, spread}) => ({x: position, y: spread}));
    const color = colors[softmax];
    const title = titles[softmax];
    return [
      {name: `${title}, theory`, points: of("theory"), color, mark: "dashed line", strokeWidth: 1.5},
      {points: of("independent"), color, mark: "dots"},
      {name: `${title}, text`, points: of("text"), color, mark: "line"},
    ];
  });
  const last = Math.max(...rows.map(({position}) => position));
  return curveChart(curves, {
    x: {
      ...{type: "log", domain: [1, last], ticks: [1, 4, 16, 64, 256], format: String},
      label: "position in the sequence",
    },
    y: {
      ...{type: "log", domain: [2 ** -4, 4.6], ticks: [2 ** -4, 2 ** -3, 0.25, 0.5, 1, 2, 4]},
      ...{format: (value) => (value < 0.25 ? powerLabel(Math.log2(value)) : String(value)), label: "spread"},
    },
    description: positionClaim(rows),
    ...options,
  });
}

/** What happens along a sequence, in numbers. */
export function positionClaim(rows: readonly PositionRow[]): string {
  const last = Math.max(...rows.map(({position}) => position));
  const at = (values: PositionRow["values"], softmax: PositionRow["softmax"]) =>
    rows.find((row) => row.values === values && row.softmax === softmax && row.position === last)!.spread;
  return (
    `At position ${last}, attention over independent values has a spread of ${at("independent", "plain").toFixed(2)}, ` +
    `where theory says ${at("theory", "plain").toFixed(2)}. In text it has ${at("text", "plain").toFixed(2)}. ` +
    `With square roots of the probabilities, independent values keep ${at("independent", "square-root").toFixed(2)}, ` +
    `and text grows to ${at("text", "square-root").toFixed(1)}.`
  );
}
