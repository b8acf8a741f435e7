import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {emptyChart} from "./empty-chart.js";
import {perFrame} from "./per-frame.js";
import {replicateChart} from "./replicate-chart.js";
import {leastDifference, type Replicates} from "./replicates.js";
import {runTitle} from "./run-title.js";
import {type SweepAxis, seedKey} from "./sweep-axes.js";
import type {Sweep, SweepDesk} from "./sweep-desk.js";
import {lossText, sweepSource} from "./sweep-sentences.js";

/** What the seed does to a final loss. */
export function replicateFigure(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const figure = chartFigure<Replicates>({
    id: "noise",
    caption:
      "Figure 3. Runs that differ in nothing but their seed: how far each ended from the mean of its group. Shaded: two " +
      "standard deviations of the whole sweep. The scale is linear there, logarithmic beyond.",
    source: () => sweepSource("figure 3", desk.sweep()),
    draw(options) {
      const {replicates, spread, axes} = desk.sweep();
      if (replicates.length === 0)
        return emptyChart("No two runs of this sweep differ in their seed only.", options);
      return replicateChart(replicates, {...options, spread, axes, label: noiseClaim(desk.sweep())});
    },
    data: () => ({
      caption: "Groups of runs that differ in their seed only",
      rows: desk.sweep().replicates,
      columns: columnsOf(desk.sweep()),
    }),
    document,
  });
  desk.subscribe(perFrame(figure.update, document.defaultView!), []);
  return figure.element;
}

/** What seeds do to the losses of a sweep, in words. */
export function noiseClaim({replicates, spread}: Pick<Sweep, "replicates" | "spread">): string {
  if (replicates.length === 0)
    return "No two runs of this sweep differ in their seed only: it does not say how much of a difference is chance.";
  const runs = replicates.reduce((sum, group) => sum + group.runs.length, 0);
  const seeds = Math.min(...replicates.map((group) => group.runs.length));
  const wild = replicates.filter(({variance}) => Math.sqrt(variance) > 5 * spread).length;
  return (
    `${runs} runs in ${replicates.length} groups differ in their seed only. One seed moves a final loss by ` +
    `${lossText(spread)} nats (one standard deviation, the median over groups), so that means over ${seeds} seeds each ` +
    `have to be ${lossText(leastDifference(spread, seeds, seeds))} nats apart before the difference stands out` +
    `${seeds > 1 ? `, and single runs ${lossText(leastDifference(spread, 1, 1))}` : ""}.` +
    (wild > 0
      ? ` ${wild === 1 ? "One group scatters" : `${wild} groups scatter`} more than five times as much.`
      : "")
  );
}

function columnsOf({axes}: Sweep): Column<Replicates>[] {
  const shared = axes.filter(({key}: SweepAxis) => key !== seedKey);
  return [
    {name: "group", value: ({runs}) => runTitle(runs[0], shared)},
    {name: "seeds", value: ({runs}) => runs.length},
    {name: "mean held-out loss", value: ({mean}) => mean, format: (mean) => mean.toFixed(4)},
    {
      name: "standard deviation",
      value: ({variance}) => Math.sqrt(variance),
      format: (deviation) => deviation.toFixed(5),
    },
  ];
}
