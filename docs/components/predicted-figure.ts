import {chartFigure} from "./chart-figure.js";
import {emptyChart} from "./empty-chart.js";
import {fittedPoints} from "./fitted-points.js";
import {missingFit, pointColumns, selectedRow} from "./law-figures.js";
import type {LawPoint} from "./law-points.js";
import {fitSource, predictedSentence} from "./law-sentences.js";
import type {LawsDesk} from "./laws-desk.js";
import {perFrame} from "./per-frame.js";
import {pointGestures} from "./point-gestures.js";
import {predictedChart} from "./predicted-chart.js";

/** What the fitted law says of every run beside what was measured; runs can be dropped here. */
export function predictedFigure(
  desk: LawsDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const figure = chartFigure<LawPoint>({
    id: "predicted",
    caption:
      "Figure 1. Each run: what was measured, and what the fitted law says. On the line both agree; the band is ±1 %. Click " +
      "a run to drop it, or draw a rectangle over several; the fit follows. Crosses are dropped. Open grey circles: the " +
      "fit before, where a run has moved.",
    source: () => fitSource("figure 1", desk),
    draw(options) {
      const points = fittedPoints(desk);
      if (points.length === 0) return emptyChart(missingFit(desk), options);
      const {chart, places} = predictedChart(points, {
        ...options,
        selected: selectedRow(desk),
        label: predictedSentence(desk, points),
      });
      pointGestures(chart, places, {onPress: (row) => desk.toggle([row]), onBrush: desk.toggle});
      return chart;
    },
    data: () => ({
      caption: "Runs and what the law says of them",
      rows: fittedPoints(desk),
      columns: pointColumns(desk),
    }),
    document,
  });
  const update = perFrame(figure.update, document.defaultView!);
  desk.subscribe(update);
  desk.state.subscribe(update, ["point"]);
  return figure.element;
}
