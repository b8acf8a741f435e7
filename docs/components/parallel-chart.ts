import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {runColor} from "./run-colors.js";
import {spacedLabels} from "./spaced-labels.js";
import {svgMaker} from "./svg-maker.js";
import type {SweepAxis} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";
import {middleInside, textWidth} from "./text-width.js";

export interface ParallelOptions {
  readonly axes: readonly SweepAxis[];
  /** The runs that are drawn; the others stay behind them, pale. */
  readonly shown: readonly SweepRun[];
  readonly marked: readonly SweepRun[];
  readonly colorAxis?: SweepAxis;
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** Where the axes stand, for what is laid over the chart. */
export interface ParallelLayout {
  readonly height: number;
  /** Whether axes stand side by side; else one below the other, and lines run downwards. */
  readonly isWide: boolean;
  /** Of each axis in `axes`, then of the loss. */
  readonly places: readonly number[];
  /** Pixels of an axis. */
  readonly range: readonly [number, number];
  /** Of a value, by its index, along its axis: from and to. */
  readonly slot: (axis: SweepAxis, index: number) => readonly [number, number];
  readonly lossAt: (run: SweepRun) => number;
  /** The loss at a place of its axis. */
  readonly lossOf: (place: number) => number;
  readonly lossTicks: readonly number[];
}

/** Below it axes stand one below the other. */
const leastWide = 620;
const top = 46;
const axisHeight = 330;
const rowPitch = 62;
/** Between labels side by side. */
const leastGap = 4;

export function parallelLayout(
  runs: readonly SweepRun[],
  axes: readonly SweepAxis[],
  width: number,
): ParallelLayout {
  const isWide = width >= leastWide;
  const count = axes.length + 1;
  const range: readonly [number, number] = isWide ? [top, top + axisHeight] : [12, width - 12];
  const places = Array.from({length: count}, (_, i) =>
    isWide ? 56 + (i * (width - 56 - 84)) / Math.max(1, count - 1) : 34 + i * rowPitch,
  );
  const losses = runs.flatMap(({loss}) => (loss === null ? [] : [loss]));
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  // Losses crowd near the best one: distances from it are on a logarithmic scale, as above a floor a little lower.
  const shift = low - Math.max(0.02, (high - low) * 0.02);
  const scaled = (loss: number) =>
    Math.log((loss - shift) / (low - shift)) / Math.log((high - shift) / (low - shift) || 2);
  // The place beyond the worst loss is for runs that diverged.
  const hasDiverged = runs.some(({loss}) => loss === null);
  const length = (range[1] - range[0]) * (hasDiverged ? 0.92 : 1);
  // Better is lower where axes stand upright, and left where they lie.
  const at = (share: number) => (isWide ? range[1] - share * length : range[0] + share * length);
  const worst = isWide ? range[0] : range[1];
  return {
    ...{isWide, places, range},
    height: isWide ? top + axisHeight + 26 : places.at(-1)! + 40,
    slot(axis, index) {
      const size = (range[1] - range[0]) / axis.values.length;
      return isWide
        ? [range[1] - (index + 1) * size, range[1] - index * size]
        : [range[0] + index * size, range[0] + (index + 1) * size];
    },
    lossAt: ({loss}) => (loss === null ? worst : at(scaled(loss))),
    lossOf(place) {
      const share = isWide ? (range[1] - place) / length : (place - range[0]) / length;
      return shift + (low - shift) * ((high - shift) / (low - shift)) ** share;
    },
    lossTicks: ticksBetween(low, high, scaled),
  };
}

/**
 * A line for each run through its values on all axes to its final loss. In the place of a value the runs lie side by
 * side in the order of their losses, so that none hides another.
 */
export function parallelChart(
  runs: readonly SweepRun[],
  {
    axes,
    shown,
    marked,
    colorAxis,
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: ParallelOptions,
): SVGSVGElement {
  const make = svgMaker(document);
  const widthOf = textWidth(document);
  const layout = parallelLayout(runs, axes, width);
  const {isWide, places, range, height} = layout;
  const color = runColor(colorAxis, palette);
  const offsets = axes.map((axis) => axisOffsets(runs, axis, layout));
  const path = (run: SweepRun) => {
    const along = [...offsets.map((offset) => offset.get(run)!), layout.lossAt(run)];
    const points = along.map((at, i) => (isWide ? [places[i], at] : [at, places[i]]));
    return curveThrough(points, isWide);
  };
  const isShown = new Set(shown);
  const behind = runs.filter((run) => !isShown.has(run));
  const opacity = shown.length > 200 ? 0.3 : shown.length > 60 ? 0.5 : 0.8;
  const lines = [
    make("path", {d: behind.map(path).join(""), stroke: palette.rule, "stroke-opacity": 0.18}),
    ...shown.map((run) =>
      make("path", {d: path(run), stroke: color(run), "stroke-opacity": opacity, "data-run": run.name}),
    ),
    ...marked.flatMap((run) => [
      make("path", {d: path(run), stroke: palette.background, "stroke-width": 5}),
      make("path", {d: path(run), stroke: color(run), "stroke-width": 2.5}),
    ]),
  ];
  const axisMarks = [...axes.map(({label: name}) => name), "held-out loss"].map((name, i) => {
    const place = places[i];
    const isLoss = i === axes.length;
    const title = isWide
      ? make(
          "text",
          {x: place, y: 14 + (i % 2) * 15, "text-anchor": "middle", "font-weight": 700, fill: palette.ink},
          name,
        )
      : make(
          "text",
          {x: range[0], y: place - 18, "font-weight": 700, fill: palette.ink, ...halo(palette)},
          name,
        );
    const rule = isWide
      ? {x1: place, x2: place, y1: range[0], y2: range[1]}
      : {x1: range[0], x2: range[1], y1: place, y2: place};
    const ticks = isLoss
      ? layout.lossTicks.map((loss) => ({at: layout.lossAt({loss} as SweepRun), text: loss.toFixed(2)}))
      : shownValues(axes[i], layout, isWide).map((index) => {
          const [from, to] = layout.slot(axes[i], index);
          return {
            at: (from + to) / 2,
            text: shortened(axes[i].format(axes[i].values[index]), isWide ? 18 : 12),
          };
        });
    if (isLoss && runs.some(({loss}) => loss === null))
      ticks.push({at: isWide ? range[0] : range[1], text: "diverged"});
    // Across, a text takes the more room the longer it is; the ends matter most.
    const extent = ({at, text}: (typeof ticks)[number]) => {
      const size = widthOf(text);
      return {middle: middleInside(at, size, width), size};
    };
    const named = isWide ? ticks : spacedLabels(endsFirst(ticks), extent, leastGap);
    return make(
      "g",
      {},
      title,
      make("line", {...rule, stroke: palette.ink, "stroke-opacity": 0.6}),
      ...named.map((tick) =>
        make(
          "text",
          isWide
            ? {
                x: place + (isLoss ? 8 : -7),
                y: tick.at,
                dy: "0.32em",
                "text-anchor": isLoss ? "start" : "end",
                fill: palette.muted,
                ...halo(palette),
              }
            : {
                x: extent(tick).middle,
                y: place + 14,
                "text-anchor": "middle",
                fill: palette.muted,
                ...halo(palette),
              },
          tick.text,
        ),
      ),
    );
  });
  return make(
    "svg",
    {
      ...{width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label},
      ...{"font-family": chartFont, "font-size": 11, fill: "none"},
    },
    make("g", {"stroke-linejoin": "round", class: "parallel-lines"}, ...lines),
    ...axisMarks,
  );
}

const halo = ({background}: Palette) => ({stroke: background, "stroke-width": 3, "paint-order": "stroke"});

/** The first and the last, then those between. */
const endsFirst = <Item>(items: readonly Item[]): Item[] =>
  items.length < 3 ? [...items] : [items[0], items.at(-1)!, ...items.slice(1, -1)];

const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** Values that have room for their name: all, or some at equal distances and the last. */
function shownValues({values, format}: SweepAxis, {range}: ParallelLayout, isWide: boolean): number[] {
  const longest = Math.max(...values.map((value) => Math.min(12, format(value).length)));
  const room = (range[1] - range[0]) / (isWide ? 13 : longest * 6.2 + 8);
  const step = Math.ceil(values.length / Math.max(1, Math.floor(room)));
  return values.map((_, i) => i).filter((i) => i % step === 0);
}

/** Where the line of each run meets an axis: in the slot of its value, by the rank of its loss among those there. */
function axisOffsets(
  runs: readonly SweepRun[],
  axis: SweepAxis,
  layout: ParallelLayout,
): ReadonlyMap<SweepRun, number> {
  const offsets = new Map<SweepRun, number>();
  axis.values.forEach((value, index) => {
    const there = runs.filter((run) => axis.textOf(run) === value);
    there.sort((a, b) => (a.loss ?? Number.MAX_VALUE) - (b.loss ?? Number.MAX_VALUE));
    const [from, to] = layout.slot(axis, index);
    const inset = (to - from) * 0.18;
    there.forEach((run, rank) => {
      const share = (rank + 0.5) / there.length;
      const along = layout.isWide ? 1 - share : share;
      offsets.set(run, from + inset + along * (to - from - 2 * inset));
    });
  });
  return offsets;
}

/** A smooth line that meets every axis at a right angle. */
function curveThrough(points: readonly (readonly number[])[], isWide: boolean): string {
  const text = (value: number) => value.toFixed(1);
  return points
    .map(([x, y], i) => {
      if (i === 0) return `M${text(x)},${text(y)}`;
      const [x0, y0] = points[i - 1];
      const [xm, ym] = [(x0 + x) / 2, (y0 + y) / 2];
      return isWide
        ? `C${text(xm)},${text(y0)} ${text(xm)},${text(y)} ${text(x)},${text(y)}`
        : `C${text(x0)},${text(ym)} ${text(x)},${text(ym)} ${text(x)},${text(y)}`;
    })
    .join("");
}

/** Round losses whose places are not too near each other, and the best one. */
function ticksBetween(low: number, high: number, scaled: (loss: number) => number): number[] {
  const ticks = [low];
  for (const step of [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]) {
    for (let loss = Math.ceil(low / step) * step; loss <= high; loss += step) {
      if (ticks.every((tick) => Math.abs(scaled(tick) - scaled(loss)) > 0.09)) ticks.push(loss);
    }
  }
  return ticks.sort((a, b) => a - b);
}
