import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {emptyChart} from "./empty-chart.js";
import {pagePalette} from "./palette.js";
import {perFrame} from "./per-frame.js";
import type {RateSearch} from "./rate-searches.js";
import {ratesChart} from "./rates-chart.js";
import {runColor} from "./run-colors.js";
import {rateKey} from "./sweep-axes.js";
import type {SweepDesk} from "./sweep-desk.js";
import {sweepSource} from "./sweep-sentences.js";

/** Where learning rates were tried, and whether the best of them lies inside of what was tried. */
export function ratesFigure(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const figure = chartFigure<RateSearch>({
    id: "rates",
    caption:
      "Figure 5. Mean held-out loss over the learning rate with everything else alike, above the best of each list; a dot " +
      "marks the best rate. A red ring: the best rate is the smallest or largest tried, so a better one may lie beyond. " +
      "Colours are those of figure 1.",
    source: () => sweepSource("figure 5", desk.sweep()),
    draw(options) {
      const {searches} = desk.sweep();
      if (searches.length === 0)
        return emptyChart("No learning rate was searched for in this sweep.", options);
      const axis = desk.colorAxis();
      const color = runColor(axis?.key === rateKey ? undefined : axis, options.palette ?? pagePalette);
      return ratesChart(searches, {
        ...options,
        color: ({results}) => color(results[0].runs[0]),
        label: ratesClaim(searches),
      });
    },
    data: () => ({caption: "Searches for a learning rate", rows: desk.sweep().searches, columns}),
    document,
  });
  desk.subscribe(perFrame(figure.update, document.defaultView!), ["by"]);
  return figure.element;
}

/** Whether the learning rates were tuned, in words. */
export function ratesClaim(searches: readonly RateSearch[]): string {
  if (searches.length === 0)
    return "In this sweep every kind of run has one or two learning rates: they were chosen before, and the settings file says how.";
  const interior = searches.filter(({isInterior}) => isInterior).length;
  const edge = searches.length - interior;
  const start = `Learning rates were searched for ${searches.length} times, with three or more rates each.`;
  if (edge === 0) return `${start} The best rate always has a worse one on both sides.`;
  const named = searches
    .filter(({isInterior}) => !isInterior)
    .slice(0, 3)
    .map(({label, best}) => `${label || "all runs"} (${best ? best.rate : "all diverged"})`);
  return `${start} ${interior} times the best rate has a worse one on both sides; ${edge} ${edge === 1 ? "time" : "times"} it is at the end of the list, so that a better one may lie beyond: ${named.join("; ")}${edge > 3 ? "; …" : ""}.`;
}

const columns: readonly Column<RateSearch>[] = [
  {name: "runs", value: ({label}) => label || "all"},
  {name: "rates tried", value: ({results}) => results.map(({rate}) => rate).join(", ")},
  {name: "best rate", value: ({best}) => best?.rate ?? null, format: String},
  {name: "its loss", value: ({best}) => best?.loss ?? null, format: (loss) => loss.toFixed(4)},
  {
    name: "place",
    value: ({isInterior, best}) => (isInterior ? "inside" : best ? "at the end" : "all diverged"),
  },
];
