import {brushX, brushY, select} from "npm:d3";
import {chartFigure} from "./chart-figure.js";
import {parallelChart, parallelLayout} from "./parallel-chart.js";
import {perFrame} from "./per-frame.js";
import {runColumns} from "./run-columns.js";
import type {RunFilter} from "./run-filter.js";
import type {SweepAxis} from "./sweep-axes.js";
import type {SweepDesk} from "./sweep-desk.js";
import {shownText, sweepSource} from "./sweep-sentences.js";

/** Pixels on each side of an axis where a brush begins. */
const brushReach = 14;

/** Parallel coordinates of all runs, whose axes can be brushed to filter all figures. */
export function parallelFigure(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  let isBrushing = false;

  const figure = chartFigure({
    id: "parallel",
    caption:
      "Figure 2. A line for each run, from setting to setting to its final held-out loss; the lower the better, and the " +
      "finer the nearer to the best. Drag along an axis to keep the runs that pass there; click beside it to let go. The " +
      "filters above do the same.",
    source: () => sweepSource("figure 2", desk.sweep()),
    draw(options) {
      const {runs, axes} = desk.sweep();
      const chart = parallelChart(runs, {
        ...options,
        ...{axes, shown: desk.shown(), marked: desk.marked(), colorAxis: desk.colorAxis()},
        label: `Parallel coordinates: ${axes.map(({label}) => label).join(", ")} and held-out loss. ${shownText(desk)}`,
      });
      // Brushes are for the page alone, not for files.
      if (!options.palette) addBrushes(chart, options.width);
      return chart;
    },
    data: () => ({
      caption: "The runs that are shown",
      rows: desk.shown(),
      columns: runColumns(desk.sweep()),
    }),
    document,
  });

  function addBrushes(chart: SVGSVGElement, width: number): void {
    const {runs, axes} = desk.sweep();
    const layout = parallelLayout(runs, axes, width);
    const {isWide, places, range} = layout;
    const setFrom = (apply: (filter: RunFilter) => RunFilter) => desk.setFilter(apply(desk.filter()));
    places.forEach((place, i) => {
      const axis: SweepAxis | undefined = axes[i];
      const brush = (isWide ? brushY<unknown>() : brushX<unknown>())
        .extent(
          isWide
            ? [
                [place - brushReach, range[0]],
                [place + brushReach, range[1]],
              ]
            : [
                [range[0], place - brushReach],
                [range[1], place + brushReach],
              ],
        )
        // A finger scrolls the page; filters are for it.
        .touchable(false);
      const group = select(chart).append("g").attr("class", "axis-brush").call(brush);
      const selected = selectedRange(desk.filter(), axis, layout);
      if (selected) group.call(brush.move, selected as [number, number]);
      brush.on("start brush end", ({type, sourceEvent, selection}) => {
        if (!sourceEvent) return;
        const [from, to] = (selection ?? [0, 0]) as [number, number];
        isBrushing = type !== "end";
        setFrom((filter) => brushed(filter, selection ? [from, to] : null, axis, layout));
        if (isBrushing) showLines(chart);
        else redraw();
      });
    });
  }

  /** While an axis is brushed its chart must stay, so only the lines change. */
  function showLines(chart: SVGSVGElement): void {
    const shown = new Set(desk.shown().map(({name}) => name));
    for (const line of chart.querySelectorAll<SVGPathElement>("[data-run]")) {
      line.style.display = shown.has(line.dataset.run!) ? "" : "none";
    }
  }

  const redraw = () => {
    if (!isBrushing) figure.update();
  };
  const update = perFrame(redraw, document.defaultView!);
  desk.subscribe(update, ["where", "find", "runs", "by"]);
  return figure.element;
}

type Layout = ReturnType<typeof parallelLayout>;

/** The filter after a brush over these pixels of an axis; null is none. */
function brushed(
  filter: RunFilter,
  pixels: readonly [number, number] | null,
  axis: SweepAxis | undefined,
  layout: Layout,
): RunFilter {
  if (!axis) {
    const {loss: _, ...ranges} = filter.ranges;
    if (!pixels) return {...filter, ranges};
    const ends = pixels.map((pixel) => Number(layout.lossOf(pixel).toFixed(4))).sort((a, b) => a - b);
    return {...filter, ranges: {...ranges, loss: [ends[0], ends[1]]}};
  }
  const {[axis.key]: _, ...values} = filter.values;
  if (!pixels) return {...filter, values};
  const inside = axis.values.filter((_, index) => {
    const [from, to] = layout.slot(axis, index);
    const middle = (from + to) / 2;
    return (middle >= pixels[0] && middle <= pixels[1]) || (pixels[0] >= from && pixels[1] <= to);
  });
  return inside.length === 0 ? {...filter, values} : {...filter, values: {...values, [axis.key]: inside}};
}

/** The pixels of an axis that a filter keeps, where they are in one piece. */
function selectedRange(
  filter: RunFilter,
  axis: SweepAxis | undefined,
  layout: Layout,
): readonly [number, number] | null {
  if (!axis) {
    const [low, high] = filter.ranges.loss ?? [null, null];
    if (low === null && high === null) return null;
    const at = (loss: number | null, open: number) => {
      const place = loss === null ? open : layout.lossAt({loss} as Parameters<Layout["lossAt"]>[0]);
      return Number.isNaN(place) ? open : Math.min(layout.range[1], Math.max(layout.range[0], place));
    };
    const [best, worst] = layout.isWide ? [layout.range[1], layout.range[0]] : layout.range;
    const ends = [at(low, best), at(high, worst)].sort((a, b) => a - b);
    return [ends[0], ends[1]];
  }
  const kept = filter.values[axis.key];
  if (!kept) return null;
  const places = kept.map((value) => axis.values.indexOf(value)).sort((a, b) => a - b);
  if (places.at(-1)! - places[0] !== places.length - 1) return null;
  const ends = [...layout.slot(axis, places[0]), ...layout.slot(axis, places.at(-1)!)];
  return [Math.min(...ends), Math.max(...ends)];
}
