import {chartFigure} from "./chart-figure.js";
import type {PageState} from "./page-state.js";
import {sequenceChart} from "./sequence-chart.js";
import {sequenceColumns} from "./sequence-columns.js";
import type {SequenceRow} from "./sequence-row.js";
import type {UnitScalingChoices} from "./unit-scaling-choices.js";
import {unitScalingControl} from "./unit-scaling-control.js";

/** Regular, loss-scaled and unit-scaled training in few bits across sequence layers and optimizers. */
export function sequenceFigure(
  rows: readonly SequenceRow[],
  {state, document = globalThis.document}: {state: PageState<UnitScalingChoices>; document?: Document},
): HTMLElement {
  const id = "sequence";
  const recipe = () => state.get().precision;
  const seeds = new Set(rows.map(({seed}) => seed)).size;
  const scale = Math.max(...rows.map(({loss_scale}) => loss_scale));
  const figure = chartFigure<SequenceRow>({
    id,
    caption:
      "Figure 8. Loss on text that the model never saw, in few bits, against that of regular training in FP32. Small " +
      `symbols are the ${seeds} seeds, large ones their medians; on the dotted line nothing is lost, and crosses are ` +
      `runs that diverged. The loss scale is ${scale.toLocaleString("en")}.`,
    source:
      "Bitscape, “Unit scaling”, figure 8, after figure 4 of arXiv:2303.11257. Data: loaders/sequence-layers.arrow, from the " +
      "settings data/settings/unit.yaml.",
    controls: [unitScalingControl(state, "precision", {figure: id, document})],
    draw: (options) => sequenceChart(rows, {recipe: recipe(), ...options}),
    data: () => ({
      caption: `Held-out loss of every run in ${recipe().toUpperCase()} and in FP32`,
      rows: rows.filter((row) => row.recipe === recipe() || row.recipe === "fp32"),
      allRows: rows,
      columns: sequenceColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["precision"]);
  return figure.element;
}
