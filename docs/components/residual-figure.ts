import {chartFigure} from "./chart-figure.js";
import {residualChart} from "./residual-chart.js";
import {residualColumns} from "./residual-columns.js";
import type {ResidualRow} from "./residual-row.js";

/** The residual rules through a deep stack, at initialization. */
export function residualFigure(
  rows: readonly ResidualRow[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  return chartFigure<ResidualRow>({
    id: "residual",
    caption:
      "Figure 5. A stack of residual branches at initialization, each of them writing with spread 1. Lines are theory, " +
      "symbols measured.",
    source: "Bitscape, “Unit scaling”, figure 5. Data: loaders/residual-rules.arrow, seed 1.",
    draw: (options) => residualChart(rows, options),
    data: () => ({
      caption: "Spread of the stream after each branch, and the share of each branch in the end",
      rows,
      columns: residualColumns,
    }),
    document,
  }).element;
}
