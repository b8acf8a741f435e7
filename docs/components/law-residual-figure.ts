import {chartFigure} from "./chart-figure.js";
import {elementMaker} from "./element-maker.js";
import {emptyChart} from "./empty-chart.js";
import {axesOf, axisOf, fittedPoints} from "./fitted-points.js";
import {missingFit, pointColumns, selectedRow} from "./law-figures.js";
import type {LawPoint} from "./law-points.js";
import {lawResidualChart} from "./law-residual-chart.js";
import {fitSource, residualSentence} from "./law-sentences.js";
import type {LawsDesk, LawTable} from "./laws-desk.js";
import {perFrame} from "./per-frame.js";
import {pointGestures} from "./point-gestures.js";

/** How far the runs lie from the law, along a variable of the reader's choice; runs can be dropped here, too. */
export function lawResidualFigure(
  desk: LawsDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const menu = make("select");
  menu.addEventListener("change", () => desk.state.set({along: menu.value}));
  let listed: LawTable | undefined;
  const axes = () => {
    const possible = axesOf(desk.table());
    return possible.length > 0 ? possible : ["loss"];
  };
  const along = () => {
    const wanted = desk.state.get().along;
    return axes().includes(wanted) ? wanted : axes()[0];
  };
  const figure = chartFigure<LawPoint>({
    id: "residuals",
    caption:
      "Figure 2. What the law leaves: by how many percent each measured loss lies above it. A law of the right form leaves " +
      "a cloud without a slope or a bend, whichever variable it is drawn along. Dropped runs stand at the edge where they " +
      "would not fit.",
    source: () => fitSource("figure 2", desk),
    controls: [make("label", {class: "select-control"}, make("span", {}, "Along"), menu)],
    draw(options) {
      const points = fittedPoints(desk);
      if (points.length === 0) return emptyChart(missingFit(desk), options);
      const {chart, places} = lawResidualChart(points, {
        ...options,
        axis: axisOf(along()),
        selected: selectedRow(desk),
        label: residualSentence(points, axisOf(along()).title),
      });
      pointGestures(chart, places, {onPress: (row) => desk.toggle([row]), onBrush: desk.toggle});
      return chart;
    },
    data: () => ({
      caption: "Runs and what the law leaves",
      rows: fittedPoints(desk),
      columns: pointColumns(desk),
    }),
    document,
  });
  const update = perFrame(() => {
    if (listed !== desk.table()) {
      listed = desk.table();
      menu.replaceChildren(...axes().map((value) => make("option", {value}, axisOf(value).title)));
      if (along() !== desk.state.get().along) return desk.state.set({along: along()});
    }
    menu.value = along();
    figure.update();
  }, document.defaultView!);
  desk.subscribe(update);
  desk.state.subscribe(update, ["point", "along"]);
  return figure.element;
}
