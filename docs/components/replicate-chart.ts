import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import type {Replicates} from "./replicates.js";
import {runTitle} from "./run-title.js";
import {signedPlace, signedText, signedTicks} from "./signed-scale.js";
import type {SweepAxis} from "./sweep-axes.js";

export interface ReplicateChartOptions {
  /** Standard deviation of one run over seeds. */
  readonly spread: number;
  readonly axes: readonly SweepAxis[];
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const height = 300;

/** Every run that has replicates: how far it ended from their mean, over that mean. */
export function replicateChart(
  groups: readonly Replicates[],
  {
    spread,
    axes,
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: ReplicateChartOptions,
): SVGSVGElement {
  const points = groups.flatMap(({runs, mean}) =>
    runs.map((run) => ({run, mean, difference: run.loss! - mean})),
  );
  const linear = 2 * spread || 0.01;
  const most = Math.max(...points.map(({difference}) => Math.abs(difference)), linear * 1.5);
  const place = (difference: number) => signedPlace(difference, linear);
  const ticks = signedTicks(-most, most, linear, 8);
  const means = points.map(({mean}) => mean);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const margin = (high - low) * 0.02 + 0.005;
  const text = {fontSize: 11, fill: palette.muted} as const;
  const chart = Plot.plot({
    document,
    ...{width, height, marginTop: 30, marginBottom: 44, marginLeft: 50, marginRight: 14},
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {domain: [low - margin, high + margin], label: null, tickSize: 0, ticks: width < 500 ? 4 : 8},
    y: {domain: [place(-most * 1.05), place(most * 1.05)], axis: null},
    marks: [
      Plot.rectY([spread], {
        y1: place(-2 * spread),
        y2: place(2 * spread),
        fill: palette.ink,
        fillOpacity: 0.08,
      }),
      Plot.ruleY(ticks, {y: place, stroke: palette.rule, strokeOpacity: (tick) => (tick === 0 ? 1 : 0.4)}),
      Plot.text(ticks, {...text, y: place, frameAnchor: "left", textAnchor: "end", dx: -6, text: signedText}),
      Plot.dot(points, {
        x: "mean",
        y: ({difference}) => place(difference),
        ...{r: points.length > 200 ? 2.2 : 3, stroke: palette.chance, strokeOpacity: 0.8},
      }),
      Plot.text(["nats from the mean of the seeds"], {
        ...{...text, frameAnchor: "top-left", textAnchor: "start", dx: -46, dy: -20},
        text: (name: string) => name,
      }),
      Plot.text(["mean held-out loss"], {
        ...text,
        frameAnchor: "bottom",
        dy: 34,
        text: (name: string) => name,
      }),
      Plot.tip(
        points,
        Plot.pointer({
          x: "mean",
          y: ({difference}) => place(difference),
          title: ({run, mean, difference}) =>
            `${runTitle(run, axes)}\n${run.loss!.toFixed(4)}: ${signedText(Number(difference.toFixed(4)))} from ${mean.toFixed(4)}`,
          ...{fill: palette.background, stroke: palette.rule, fontSize: 12, lineHeight: 1.3, lineWidth: 34},
        }),
      ),
    ],
  });
  return accessibleSvg(chart, label);
}
