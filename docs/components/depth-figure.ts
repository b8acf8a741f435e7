import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {type Curve, curveChart} from "./curve-chart.js";
import {percentage} from "./percentage.js";

/** A row of `loaders/residual-depth.arrow`. */
export interface DepthRow {
  readonly rule: "fixed" | "running-mean";
  readonly tau: number | null;
  /** In blocks, of two branches each. */
  readonly depth: number;
  readonly theory: number;
  readonly measured: number;
}

const columns: readonly Column<DepthRow>[] = [
  {name: "rule", value: ({rule}) => rule},
  {name: "tau", value: ({tau}) => tau},
  {name: "blocks", value: ({depth}) => depth},
  {name: "theory", value: ({theory}) => theory, format: (share) => share.toPrecision(3)},
  {name: "measured", value: ({measured}) => measured, format: (share) => share.toPrecision(3)},
];

/** Share of the stream's variance that is still the embedding's, by depth and residual weight. */
export function depthFigure(
  rows: readonly DepthRow[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  return chartFigure<DepthRow>({
    id: "depth",
    caption:
      "Figure 4. What is left of the embedding at the end of the stream of an untrained model, as a share of the " +
      "variance. Lines: theory, for branches that have nothing to do with each other. Dots: models. Below a percent " +
      "what is measured is chance.",
    source:
      "Bitscape, “µnit scaling”, figure 4. Computed when the site was built: loaders/residual-depth-table.ts.",
    draw: (options) => depthChart(rows, options),
    data: () => ({caption: "Share of the final stream’s variance that is the embedding’s", rows, columns}),
    document,
  }).element;
}

type DrawOptions = Pick<Parameters<typeof curveChart>[1], "width" | "palette" | "document">;

export function depthChart(rows: readonly DepthRow[], options: DrawOptions = {}): SVGSVGElement {
  const weights = [...new Set(rows.map(({tau}) => tau))];
  const curves = weights.flatMap((tau): Curve[] => {
    const own = rows.filter((row) => row.tau === tau);
    const name = tau === null ? "running mean" : `τ = ${tau}`;
    const color = tau === null ? "backward" : "forward";
    return [
      {
        name,
        points: own.map(({depth, theory}) => ({x: depth, y: theory})),
        color,
        mark: "line",
        strokeWidth: 1.5,
      },
      {points: own.map(({depth, measured}) => ({x: depth, y: measured})), color, mark: "dots"},
    ];
  });
  const depths = [...new Set(rows.map(({depth}) => depth))];
  return curveChart(curves, {
    x: {type: "log", domain: [1, Math.max(...depths)], ticks: depths, format: String, label: "blocks"},
    y: {
      ...{type: "linear", domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1]},
      ...{format: (share) => `${Math.round(share * 100)}%`, label: "share of the embedding"},
    },
    description: depthClaim(rows),
    names: "start",
    ...options,
  });
}

/** What one residual weight leaves in a shallow and in a deep model. */
export function depthClaim(rows: readonly DepthRow[]): string {
  const tau = 0.1;
  const at = (depth: number) => rows.find((row) => row.tau === tau && row.depth === depth)!.measured;
  return `With τ = ${tau}, a model of 4 blocks keeps ${percentage(at(4))} of its embedding, one of 16 keeps ${percentage(at(16))}.`;
}
