import {afterTrainingChart} from "./after-training-chart.js";
import {afterTrainingClaim} from "./after-training-claim.js";
import {type AfterTrainingPoint, type AfterTrainingRow, afterTrainingPoints} from "./after-training-row.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {emptyChart} from "./empty-chart.js";
import {type PageState, pageState} from "./page-state.js";

const columns: readonly Column<AfterTrainingPoint>[] = [
  {name: "trained", value: ({trained}) => trained},
  {name: "parameters", value: ({parameters}) => parameters},
  {
    name: "tokens per parameter",
    value: ({tokensPerParameter}) => tokensPerParameter,
    format: (x) => x.toFixed(0),
  },
  {name: "method", value: ({method}) => method},
  {name: "bits", value: ({bits}) => bits},
  {name: "loss before", value: ({before}) => before, format: (x) => x.toFixed(4)},
  {name: "loss after", value: ({after}) => after, format: (x) => x.toFixed(4)},
  {name: "seeds", value: ({seeds}) => seeds},
];

/** What can be chosen; `weights` says what the weights of the shown runs were rounded to in training. */
export const afterTrainingChoices = (rows: readonly AfterTrainingRow[]) => {
  const trained = [...new Set(rows.map(({trained}) => trained))].sort();
  const initial = trained.includes("fp32") ? "fp32" : (trained[0] ?? "");
  return {weights: {values: trained, initial}};
};

/** What quantization after training costs, by the text that a model has seen. */
export function afterTrainingFigure(
  rows: readonly AfterTrainingRow[],
  {
    document = globalThis.document,
    state = pageState(afterTrainingChoices(rows), document.defaultView!),
  }: {document?: Document; state?: PageState<ReturnType<typeof afterTrainingChoices>>} = {},
): HTMLElement {
  const points = afterTrainingPoints(rows);
  const shown = () => points.filter(({trained}) => trained === state.get().weights);
  const figure = chartFigure<AfterTrainingPoint>({
    id: "after-training",
    caption:
      "Figure 6. What rounding the weights of all linear layers in the blocks to few bits costs once training is over, " +
      "each output with a scale of its own, against the text that the model has seen. A line for each size of model, the " +
      "thicker the larger, and each number of bits; means over seeds. Open: less than 0.0001 nats, or a gain.",
    source:
      "Bitscape, “Sweeps”, figure 6. Runs: bitscape sweep post-training, published in data/sweeps/post-training.jsonl.gz.",
    controls: [
      choiceControl(state, "weights", {
        ...{group: "after-training-weights", legend: "Weights in training", document},
      }),
    ],
    sentence: () => (shown().length > 0 ? afterTrainingClaim(shown()) : ""),
    draw: (options) =>
      shown().length > 0
        ? afterTrainingChart(shown(), {...options, label: afterTrainingClaim(shown())})
        : emptyChart("The sweep post-training has not been published yet.", options),
    data: () => ({
      caption: "Held-out loss before and after quantization, in nats per token",
      rows: shown(),
      allRows: points,
      columns,
    }),
    document,
  });
  state.subscribe(figure.update);
  return figure.element;
}
