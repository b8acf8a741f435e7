import {chartFigure} from "./chart-figure.js";
import {chosenSchemes} from "./chosen-schemes.js";
import {embedCode} from "./embed-code.js";
import type {RecordedFormat} from "./lost-shares.js";
import type {PageState} from "./page-state.js";
import {percentage} from "./percentage.js";
import {resetButton} from "./reset-button.js";
import type {RunSummary} from "./run-summary.js";
import {shownRows} from "./shown-rows.js";
import {sourceLine} from "./source-line.js";
import {noticeableShare} from "./underflowing-rows.js";
import type {UnitScalingChoices} from "./unit-scaling-choices.js";
import {unitScalingControl} from "./unit-scaling-control.js";
import {varianceChart} from "./variance-chart.js";
import {varianceColumns} from "./variance-columns.js";
import type {VarianceRow} from "./variance-row.js";

export interface SpreadFigureOptions {
  readonly state: PageState<UnitScalingChoices>;
  readonly runs: readonly RunSummary[];
  readonly document?: Document;
}

/** Below this width rows are lower, so that both panels are seen with little scrolling. */
const narrow = 660;

/** The headline chart with its controls: a click on a layer chooses it for the next figure. */
export function spreadFigure(
  rows: readonly VarianceRow[],
  {state, runs, document = globalThis.document}: SpreadFigureOptions,
): HTMLElement {
  const id = "spread";
  const view = () => {
    const {stage, recipe, scheme} = state.get();
    return {stage, recipe, schemes: chosenSchemes(scheme)};
  };
  const embeds = () => embedCode(new URL(".", document.location.href).href, view());
  const figure = chartFigure<VarianceRow>({
    id,
    caption:
      "Figure 1. Spread of every layer's tensors, from the embedding at the top to the head at the bottom. " +
      "Each step to the left halves the spread. Shaded: what each format can hold, subnormals included. " +
      `Counted: tensors of which a cast to the chosen format turns more than ${percentage(noticeableShare)} of the ` +
      "values to zero. Click a layer to look into it below.",
    source: sourceLine("figure 1", runs),
    controls: [
      ...(["stage", "recipe", "scheme", "format"] as const).map((name) =>
        unitScalingControl(state, name, {figure: id, document}),
      ),
      resetButton(state, {document}),
    ],
    draw: ({width, ...options}) => {
      const {layer, format} = state.get();
      const rowHeight = width < narrow ? 20 : 24;
      const onSelect = (chosen: string) => state.set({layer: chosen});
      return varianceChart(rows, {
        ...view(),
        ...options,
        layer,
        format: format as RecordedFormat,
        onSelect,
        width,
        rowHeight,
      });
    },
    data: () => ({
      caption: "Spread of every tensor, and the share of its elements that a cast turns to zero",
      rows: shownRows(rows, view()),
      columns: varianceColumns,
    }),
    embeds: {module: () => embeds().module, picture: () => embeds().picture},
    document,
  });
  state.subscribe(figure.update, ["stage", "recipe", "scheme", "format", "layer"]);
  return figure.element;
}
