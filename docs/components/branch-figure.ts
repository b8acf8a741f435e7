import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {type Curve, curveChart} from "./curve-chart.js";

/** A row of `loaders/branch-depth.arrow`. */
export interface BranchRow {
  readonly placement: "pre" | "res-post";
  readonly branch: "attention" | "feed-forward";
  readonly block: number;
  readonly spread: number;
}

const columns: readonly Column<BranchRow>[] = [
  {name: "norms", value: ({placement}) => placement},
  {name: "branch", value: ({branch}) => branch},
  {name: "block", value: ({block}) => block},
  {name: "spread", value: ({spread}) => spread, format: (spread) => spread.toFixed(3)},
];

/** What attention and feed-forward branches bring to the stream, block by block, without and with a norm at their ends. */
export function branchFigure(
  rows: readonly BranchRow[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  return chartFigure<BranchRow>({
    id: "branches",
    caption:
      "Figure 3. Spread of what each branch of an untrained model of 48 blocks brings to the residual stream, if norms " +
      "stand at the beginning of the branches (pre), and if they stand at the end (res-post).",
    source:
      "Bitscape, “µnit scaling”, figure 3. Computed when the site was built: loaders/branch-depth-table.ts.",
    draw: (options) => branchChart(rows, options),
    data: () => ({
      caption:
        "Spread of the input of each branch’s last product, whose weights keep it; what res-post then makes 1",
      rows,
      columns,
    }),
    document,
  }).element;
}

type DrawOptions = Pick<Parameters<typeof curveChart>[1], "width" | "palette" | "document">;

export function branchChart(rows: readonly BranchRow[], options: DrawOptions = {}): SVGSVGElement {
  const before = (branch: BranchRow["branch"]) =>
    rows
      .filter((row) => row.placement === "pre" && row.branch === branch)
      .map(({block, spread}) => ({x: block, y: spread}));
  const blocks = Math.max(...rows.map(({block}) => block));
  const curves: Curve[] = [
    {name: "both, res-post", points: [1, blocks].map((x) => ({x, y: 1})), color: "ink", mark: "line"},
    {name: "attention, pre", points: before("attention"), color: "forward", mark: "line"},
    {name: "feed-forward, pre", points: before("feed-forward"), color: "scaled", mark: "line"},
  ];
  return curveChart(curves, {
    x: {
      ...{type: "linear", domain: [1, blocks], ticks: [1, 8, 16, 24, 32, 40, 48], format: String},
      label: "block",
    },
    y: {type: "linear", domain: [0, 1.2], ticks: [0, 0.25, 0.5, 0.75, 1], format: String, label: "spread"},
    description: branchClaim(rows),
    height: 300,
    ...options,
  });
}

/** How the branches compare at both ends of the model. */
export function branchClaim(rows: readonly BranchRow[]): string {
  const blocks = Math.max(...rows.map(({block}) => block));
  const mean = (branch: BranchRow["branch"], from: number) => {
    const few = rows.filter(
      (row) => row.placement === "pre" && row.branch === branch && row.block >= from && row.block < from + 4,
    );
    return few.reduce((sum, {spread}) => sum + spread, 0) / few.length;
  };
  const pair = (from: number) =>
    `${mean("attention", from).toFixed(2)} from attention and ${mean("feed-forward", from).toFixed(2)} from feed-forward`;
  return `The first four blocks bring ${pair(1)}, the last four ${pair(blocks - 3)}.`;
}
