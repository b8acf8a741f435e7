import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import {colorLegend} from "./color-legend.js";
import {elementMaker} from "./element-maker.js";
import {perFrame} from "./per-frame.js";
import {runColumns} from "./run-columns.js";
import {type CurveHit, runCurvesChart} from "./run-curves-chart.js";
import {runTitle} from "./run-title.js";
import type {SweepDesk} from "./sweep-desk.js";
import {shownText, sweepSource} from "./sweep-sentences.js";

/** The loss curves of the runs that are shown; a click marks one. */
export function runCurvesFigure(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const id = "curves";
  const legend = colorLegend(desk, {document});
  const marks = make("ol", {class: "marked-runs", "aria-label": "Marked runs"});
  const figure = chartFigure({
    id,
    caption:
      "Figure 1. Training loss, averaged over a hundredth of the run, of every run that is shown. Pale: runs that are " +
      "not. Point at a curve to see which run it is; click to mark it, here and in the table.",
    source: () => sweepSource("figure 1", desk.sweep()),
    controls: [
      choiceControl(desk.state, "scale", {
        group: "curve-scale",
        legend: "Scale",
        labelOf: (value) => (value === "loss" ? "loss" : "above the floor"),
        document,
      }),
      legend.element,
    ],
    draw(options) {
      const {runs, axes} = desk.sweep();
      const hasFloor = runs.every(({floor}) => floor !== null);
      const chart = runCurvesChart(runs, {
        ...options,
        ...{axes, shown: desk.shown(), marked: desk.marked(), colorAxis: desk.colorAxis()},
        scale: hasFloor && desk.state.get().scale === "above" ? "above" : "loss",
        label: `Loss curves. ${shownText(desk)}`,
      });
      chart.addEventListener("click", () => {
        const hit = (chart as unknown as {value?: CurveHit}).value;
        if (hit) desk.toggleMark(hit.run);
      });
      return chart;
    },
    data: () => ({
      caption: "The runs that are shown, by their final loss",
      rows: desk.shown(),
      columns: runColumns(desk.sweep()),
    }),
    document,
  });
  figure.element.querySelector(".chart-canvas")!.after(marks);
  const update = perFrame(() => {
    figure.update();
    marks.replaceChildren(
      ...desk.marked().map((run) => {
        const title = runTitle(run, desk.sweep().axes);
        const button = make("button", {type: "button", "aria-label": `Unmark ${title}`}, "×");
        button.addEventListener("click", () => desk.toggleMark(run));
        return make("li", {}, title, " ", button);
      }),
    );
  }, document.defaultView!);
  desk.subscribe(update, ["where", "find", "runs", "by", "scale"]);
  return figure.element;
}
