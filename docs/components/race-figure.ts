import type {AccumulatorChoices} from "./accumulator-choices.js";
import {chartFigure} from "./chart-figure.js";
import type {PageState} from "./page-state.js";
import {raceChart} from "./race-chart.js";
import {raceColumns} from "./race-columns.js";
import {raceControl} from "./race-control.js";
import type {RaceRow} from "./race-row.js";
import {dataTitle, operandTitle} from "./race-sentence.js";
import {type RaceMeasure, raceCurves} from "./race-view.js";
import {resetButton} from "./reset-button.js";

/** The race between accumulators, with its controls. */
export function raceFigure(
  rows: readonly RaceRow[],
  {state, document = globalThis.document}: {state: PageState<AccumulatorChoices>; document?: Document},
): HTMLElement {
  const id = "race";
  const view = () => {
    const {data, operands, measure} = state.get();
    return {data, operands, measure: measure as RaceMeasure};
  };
  const {count} = rows[0];
  const figure = chartFigure<RaceRow>({
    id,
    caption:
      `Figure 1. Error of ${count.toLocaleString("en")} dot products of normal numbers of spread 1, computed by ` +
      "models of the matrix units that agree with the hardware bit for bit, as a share of the exact results’ root " +
      "mean square. 8-bit numbers go to the FP16 units as they are: FP16 holds them exactly. H100 FP8 is cuBLASLt, " +
      "with fast accumulation or, its default, promotion to fp32 every 128 products.",
    source: "Bitscape, “Accumulators”, figure 1. Data: loaders/accumulator-race.arrow, seed 1.",
    controls: [
      ...(["data", "measure", "operands"] as const).map((name) =>
        raceControl(state, name, {figure: id, document}),
      ),
      resetButton(state, {document}),
    ],
    draw: (options) => raceChart(rows, {...view(), ...options}),
    data: () => ({
      caption: `Errors of sums of products of ${dataTitle(view().data)} in ${operandTitle(view().operands)}, relative to the exact results`,
      rows: raceCurves(rows, view()).flatMap(({points}) => points),
      columns: raceColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["data", "operands", "measure"]);
  return figure.element;
}
