import {chartFigure} from "./chart-figure.js";
import {chosenSchemes} from "./chosen-schemes.js";
import {lossColumns} from "./loss-columns.js";
import {lossCurves} from "./loss-curves.js";
import type {LossRow} from "./loss-row.js";
import {sourceLine} from "./source-line.js";
import type {SpreadFigureOptions} from "./spread-figure.js";
import {unitScalingControl} from "./unit-scaling-control.js";

/** The loss curves of all recipes under the chosen schemes. */
export function lossFigure(
  rows: readonly LossRow[],
  {state, runs, document = globalThis.document}: SpreadFigureOptions,
): HTMLElement {
  const id = "loss";
  const schemes = () => chosenSchemes(state.get().scheme);
  const shown = () => rows.filter(({scheme}) => schemes().includes(scheme));
  const figure = chartFigure<LossRow>({
    id,
    caption:
      "Figure 7. Training loss (curves, a moving average) and loss on text that the model never saw (symbols)." +
      (rows.some(({floor}) => floor !== null)
        ? " The dotted floor is the entropy of the generated language: no model can get below it."
        : ""),
    source: sourceLine("figure 7", runs),
    controls: [unitScalingControl(state, "scheme", {figure: id, document})],
    draw: (options) => lossCurves(rows, {...options, schemes: schemes()}),
    data: () => ({
      caption:
        "Loss in nats per token at the steps where the held-out loss was measured; the CSV file has every step",
      rows: shown().filter((row) => row.held_out_loss !== null),
      allRows: shown(),
      columns: lossColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["scheme"]);
  return figure.element;
}
