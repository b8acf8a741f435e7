import {chartFigure} from "./chart-figure.js";
import {opColumns} from "./op-columns.js";
import {opSource} from "./op-figure.js";
import type {OpRow} from "./op-row.js";
import {opWidthChart} from "./op-width-chart.js";
import type {PageState} from "./page-state.js";
import {selectControl} from "./select-control.js";
import type {UnitScalingChoices} from "./unit-scaling-choices.js";

/** One op across the widths, among all others. */
export function opWidthFigure(
  rows: readonly OpRow[],
  {state, document = globalThis.document}: {state: PageState<UnitScalingChoices>; document?: Document},
): HTMLElement {
  const id = "widths";
  const op = () => state.get().op;
  const figure = chartFigure<OpRow>({
    id,
    caption:
      "Figure 4. The same spreads against the width, for the chosen op and, pale, for all others. Lines are theory, " +
      "symbols measured.",
    source: opSource("figure 4"),
    controls: [selectControl(state, "op", {label: "Op", document})],
    draw: ({width, ...options}) =>
      opWidthChart(rows, {op: op(), modelWidth: Number(state.get().width), width, ...options}),
    data: () => ({
      caption: `Standard deviation of what the op “${op()}” writes, by width`,
      rows: rows.filter((row) => row.op === op()),
      allRows: rows,
      columns: opColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["op", "width"]);
  return figure.element;
}
