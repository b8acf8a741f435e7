import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import type {LossPoint} from "./tab-run.js";

export interface TabChartOptions {
  /** Losses of the run in the tab, so far. */
  readonly live: readonly LossPoint[];
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** The loss of a run in the reader's tab, drawn over the recorded one. */
export function tabChart(
  recorded: readonly LossPoint[],
  {live, width = 640, palette = pagePalette, document = globalThis.document}: TabChartOptions,
): SVGSVGElement {
  const steps = recorded.at(-1)?.step ?? 1;
  const last = live.at(-1);
  const name = {fontSize: 11, fontWeight: 600, lineAnchor: "bottom"} as const;
  const chart = Plot.plot({
    document,
    width,
    height: 240,
    marginTop: 26,
    marginLeft: 34,
    marginRight: 14,
    marginBottom: 38,
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {
      domain: [0, steps],
      label: "steps",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
      tickSize: 0,
    },
    y: {label: "nats per token", labelArrow: "none", ticks: 5, tickSize: 0, grid: true, zero: false},
    marks: [
      Plot.line(recorded, {
        x: "step",
        y: "loss",
        stroke: palette.rule,
        strokeWidth: 5,
        strokeLinecap: "round",
      }),
      Plot.text([labelPoint(recorded)], {
        ...name,
        x: "step",
        y: "loss",
        dy: -6,
        text: () => "recorded",
        fill: palette.muted,
      }),
      Plot.line(live, {x: "step", y: "loss", stroke: palette.ink, strokeWidth: 1.5}),
      ...(last
        ? [
            Plot.dot([last], {x: "step", y: "loss", r: 3.5, fill: palette.ink}),
            Plot.text([last], {
              ...name,
              x: "step",
              y: "loss",
              dy: -12,
              textAnchor: last.step > 0.5 * steps ? "end" : "start",
              text: () => "this tab",
              fill: palette.ink,
              stroke: palette.background,
              strokeWidth: 4,
            }),
          ]
        : []),
    ],
  });
  return accessibleSvg(
    chart,
    last
      ? `Recorded loss, and the loss in this tab up to step ${last.step}.`
      : "Recorded loss against steps.",
  );
}

/** A place above the last quarter of the curve that its noise does not reach. */
function labelPoint(recorded: readonly LossPoint[]): LossPoint {
  const steps = recorded.at(-1)?.step ?? 1;
  const last = recorded.slice(Math.floor(recorded.length * 0.75));
  return {step: Math.floor(steps * 0.875), loss: Math.max(...last.map(({loss}) => loss))};
}
