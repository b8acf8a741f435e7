import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {constantRows} from "./constant-rows.js";
import {type ConstantRow, constantsChart, valueText} from "./constants-chart.js";
import {emptyChart} from "./empty-chart.js";
import {missingFit} from "./law-figures.js";
import {fitSource} from "./law-sentences.js";
import type {LawsDesk} from "./laws-desk.js";
import {perFrame} from "./per-frame.js";

/** The constants of the fit with their intervals, and what follows from them. */
export function constantsFigure(
  desk: LawsDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const rows = (): ConstantRow[] => {
    const fit = desk.shown();
    return fit ? constantRows(fit, desk.before()) : [];
  };
  const figure = chartFigure<ConstantRow>({
    id: "constants",
    caption:
      "Figure 3. The fitted constants, and what follows from them: a dot with the interval that holds the true value 19 " +
      "times out of 20, if the law is right. Open grey circle: the fit before. Filled diamonds: published for the same runs, " +
      "with two standard errors; open diamonds: published for other data, where the constants are others. An arrow " +
      "points to a value beyond the axis.",
    source: () => fitSource("figure 3", desk),
    draw(options) {
      const all = rows();
      if (all.length === 0) return emptyChart(missingFit(desk), options);
      const label = `Constants of ${desk.law().title}: ${all.map((row) => `${row.symbol} ${valueText(row)}`).join("; ")}.`;
      return constantsChart(all, {...options, label});
    },
    data: () => ({caption: "Constants and what follows from them", rows: rows(), columns}),
    document,
  });
  desk.subscribe(perFrame(figure.update, document.defaultView!));
  return figure.element;
}

const columns: Column<ConstantRow>[] = [
  {name: "name", value: ({name}) => name},
  {
    name: "value",
    value: ({value}) => (Number.isFinite(value) ? value : null),
    format: (value) => value.toPrecision(5),
  },
  {name: "from", value: ({interval}) => interval?.[0] ?? null, format: (value) => value.toPrecision(4)},
  {name: "to", value: ({interval}) => interval?.[1] ?? null, format: (value) => value.toPrecision(4)},
  {name: "fit before", value: ({before}) => before ?? null, format: (value) => value.toPrecision(5)},
  {
    name: "published",
    value: ({published}) => published.map(({name, value}) => `${name}: ${value.toPrecision(4)}`).join("; "),
  },
  {name: "note", value: ({note}) => note},
];
