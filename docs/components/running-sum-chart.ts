import * as Plot from "npm:@observablehq/plot";
import {type SumRuns, type SumSettings, stallsAfter} from "../src/precision/running-sum.js";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {runningSumSentence, runningSumText} from "./running-sum-sentence.js";
import {separate} from "./separate.js";

export interface RunningSumChartOptions {
  /** What the sums were made with. */
  readonly settings: SumSettings;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const height = 420;
const margins = {marginTop: 28, marginBottom: 44, marginLeft: 48};

/** Room for the names of the curves at their ends. */
const nameWidth = 128;
const leader = 14;
const nameHeight = 32;

/** Points of a curve: more cannot be seen. */
const points = 250;

interface Point {
  readonly step: number;
  readonly sum: number;
  readonly run: number;
}

/** Running sums against the number of additions: exact, to the nearest, and of several runs with stochastic rounding. */
export function runningSumChart(
  runs: SumRuns,
  {settings, width = 960, palette = pagePalette, document = globalThis.document}: RunningSumChartOptions,
): SVGSVGElement {
  const {exact, nearest, stochastic, mean} = runs;
  const {count} = settings;
  const top = Math.max(...[exact, nearest, ...stochastic].map((sums) => sums[count - 1])) * 1.04;
  const curve = {x: "step", y: "sum", z: "run", curve: "step-after"} as const;
  const pixelsPerStep = (width - margins.marginLeft - nameWidth) / count;
  const names = placeNames(
    [
      {name: "exact", sum: exact[count - 1], color: palette.ink},
      {name: "by chance, mean", sum: mean[count - 1], color: palette.chance},
      {name: "to the nearest", sum: nearest[count - 1], color: palette.ink},
    ],
    top,
  );
  const stalled = stallsAfter(nearest);
  const stall = stalled === null ? [] : [{step: stalled, sum: nearest[count - 1]}];
  const chart = Plot.plot({
    document,
    width,
    height,
    ...margins,
    marginRight: nameWidth,
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {
      domain: [0, count],
      ticks: width < 500 ? 3 : 5,
      tickSize: 0,
      tickFormat: (step: number) => step.toLocaleString("en"),
      label: "additions",
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      domain: [0, top],
      ticks: 5,
      tickSize: 0,
      grid: true,
      tickFormat: (sum: number) => sum.toLocaleString("en"),
      label: `sum in ${settings.format.name}`,
      labelArrow: "none",
    },
    marks: [
      Plot.line(stochastic.flatMap(sampled), {
        ...curve,
        stroke: palette.chance,
        strokeWidth: 1,
        strokeOpacity: 0.45,
      }),
      Plot.line(sampled(mean), {...curve, stroke: palette.chance, strokeWidth: 2.5}),
      Plot.line(sampled(nearest), {...curve, stroke: palette.ink, strokeWidth: 2.5}),
      Plot.line(sampled(exact), {
        ...curve,
        curve: "linear",
        stroke: palette.ink,
        strokeWidth: 1.5,
        strokeDasharray: "2 4",
      }),
      Plot.dot(stall, {x: "step", y: "sum", r: 4, fill: palette.ink}),
      Plot.text(stall, {
        x: ({step}) => step + 0.06 * count,
        y: "sum",
        dy: -9,
        textAnchor: "start",
        text: ({sum}) => `stops at ${runningSumText(sum)}`,
        fill: palette.ink,
        fontWeight: 600,
        stroke: palette.background,
        strokeWidth: 4,
      }),
      Plot.link(names, {
        x1: count,
        x2: count + leader / pixelsPerStep,
        y1: "sum",
        y2: "place",
        stroke: "color",
        strokeOpacity: 0.6,
      }),
      Plot.text(names, {
        x: count,
        dx: leader + 4,
        y: "place",
        text: ({name, sum}) => `${name}\n${runningSumText(sum)}`,
        textAnchor: "start",
        fill: "color",
        fontWeight: 600,
      }),
    ],
  });
  return accessibleSvg(chart, runningSumSentence(runs, settings));
}

/** Evenly spaced points of a curve, the last one among them. */
function sampled(sums: Float64Array, run = 0): Point[] {
  const count = Math.min(points, sums.length);
  const later = Array.from({length: count}, (_, i) => {
    const step = Math.round(((i + 1) / count) * sums.length);
    return {step, sum: sums[step - 1], run};
  });
  return [{step: 0, sum: 0, run}, ...later];
}

/** Heights of the names, in units of the sum, near the ends of the curves without touching each other. */
function placeNames<Name extends {readonly sum: number}>(names: readonly Name[], top: number) {
  const plotHeight = height - margins.marginTop - margins.marginBottom;
  const places = separate(
    names.map(({sum}) => ({middle: (1 - sum / top) * plotHeight, size: nameHeight})),
    [-10, plotHeight],
  );
  return names.map((name, i) => ({...name, place: (1 - places[i] / plotHeight) * top}));
}
