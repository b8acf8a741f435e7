import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import type {MunitChoices} from "./munit-choices.js";
import type {PageState} from "./page-state.js";
import {recipeTitle} from "./recipe-styles.js";
import {transferChart} from "./transfer-chart.js";
import type {TransferRow} from "./transfer-row.js";

const columns: readonly Column<TransferRow>[] = [
  {name: "scheme", value: ({scheme}) => scheme},
  {name: "recipe", value: ({recipe}) => recipe},
  {name: "width", value: ({width}) => width},
  {name: "learning_rate", value: ({learning_rate}) => learning_rate},
  {name: "seed", value: ({seed}) => seed},
  {name: "held_out_loss", value: ({held_out_loss}) => held_out_loss, format: (loss) => loss.toFixed(4)},
];

/** Loss against learning rate at every width, under both schemes. */
export function transferFigure(
  rows: readonly TransferRow[],
  {state, document = globalThis.document}: {state: PageState<MunitChoices>; document?: Document},
): HTMLElement {
  const id = "transfer";
  const figure = chartFigure<TransferRow>({
    id,
    caption:
      "Figure 1. Loss on text that the model never saw, against the learning rate. Each curve is one width, the thicker " +
      "the wider; small dots are single runs, which differ in their seed. The large dots mark the best learning rate of " +
      "each width, and the line between them shows where it goes. Losses above 2.6 are cut off.",
    source:
      "Bitscape, “µnit scaling”, figure 1. Runs: bitscape sweep transfer, published in data/sweeps/transfer.jsonl.gz.",
    controls: [
      choiceControl(state, "recipe", {
        ...{group: `${id}-recipe`, legend: "Trained in", labelOf: recipeTitle, document},
      }),
    ],
    draw: (options) => transferChart(rows, {recipe: state.get().recipe, ...options}),
    data: () => ({
      caption: `Held-out loss in nats per token of the runs in ${recipeTitle(state.get().recipe)}; the CSV file has all`,
      rows: rows.filter(({recipe}) => recipe === state.get().recipe),
      allRows: rows,
      columns,
    }),
    document,
  });
  state.subscribe(figure.update, ["recipe"]);
  return figure.element;
}
