import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {separate} from "./separate.js";
import {textWidth, widest, wrapped} from "./text-width.js";

interface CriticalPoint {
  readonly x: number;
  readonly y: number;
  /** For the tip. */
  readonly title?: string;
}

/** A loss against text: solid as far as more text helps, dashed beyond its lowest point. */
export interface CriticalLine {
  readonly name: string;
  readonly color: keyof Palette;
  readonly points: readonly CriticalPoint[];
  /** Measured points are drawn as dots, and joined. */
  readonly isMeasured: boolean;
  /** The lowest point, where the line goes up after it. */
  readonly turn?: CriticalPoint;
}

export interface CriticalChartOptions {
  /** The chart in a sentence. */
  readonly description: string;
  readonly x: {
    readonly domain: readonly [number, number];
    readonly label: string;
    readonly format: (x: number) => string;
  };
  readonly y: {readonly domain: readonly [number, number]; readonly label: string};
  /** A stretch of x that is marked, such as the runs that a law was fitted on. */
  readonly stretch?: {readonly from: number; readonly to: number; readonly text: string};
  readonly height?: number;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const margins = {marginTop: 40, marginBottom: 46, marginLeft: 48} as const;
const nameHeight = 15;
const stretchTextWidth = 176;
/** Of the names, so that charts beside each other mostly agree. */
const leastNameWidth = 62;

/** Losses against text on a logarithmic axis, with the amount beyond which more text does harm marked on each line. */
export function criticalChart(
  lines: readonly CriticalLine[],
  {
    description,
    x,
    y,
    stretch,
    height = 420,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: CriticalChartOptions,
): SVGSVGElement {
  const widthOf = textWidth(document);
  const names = lines.map(({name}) => name);
  const nameWidth = Math.max(leastNameWidth, 12 + Math.ceil(widest(names, widthOf, {weight: 600})));
  const bottom = height - margins.marginBottom;
  const heightOf = (value: number) => {
    const share = (value - y.domain[0]) / (y.domain[1] - y.domain[0]);
    return bottom - Math.min(1, Math.max(0, share)) * (bottom - margins.marginTop);
  };
  const ends = lines.flatMap((line) => {
    const end = line.points.findLast((point) => point.x <= x.domain[1] * 1.0001);
    return end ? [{...line, end}] : [];
  });
  const middles = separate(
    ends.map(({end}) => ({middle: heightOf(end.y), size: nameHeight})),
    [margins.marginTop - nameHeight / 2, bottom + nameHeight / 2],
  );
  const text = {fontSize: 11, fill: palette.muted} as const;
  const halo = {stroke: palette.background, strokeWidth: 3, paintOrder: "stroke"} as const;
  const ticks = logTicks(x.domain, width - nameWidth - margins.marginLeft);
  const inside = ({x: at, y: value}: CriticalPoint) =>
    at >= x.domain[0] && at <= x.domain[1] && value >= y.domain[0] && value <= y.domain[1];
  const turns = lines.flatMap(({turn, color}) => (turn && inside(turn) ? [{...turn, color}] : []));

  const stretchLines = ({from, text: words}: {from: number; text: string}) => {
    const share = Math.max(0, Math.log(from / x.domain[0]) / Math.log(x.domain[1] / x.domain[0]));
    const room = (1 - share) * (width - nameWidth - margins.marginLeft) - 8;
    return wrapped(words, Math.min(stretchTextWidth, room), widthOf);
  };

  const chart = Plot.plot({
    document,
    ...{width, height, ...margins, marginRight: nameWidth},
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {type: "log", domain: [...x.domain], ticks, tickFormat: x.format, label: null, tickSize: 0},
    y: {domain: [...y.domain], label: null, tickSize: 0, grid: true, ticks: 6},
    marks: [
      ...(stretch
        ? [
            Plot.rect([stretch], {
              ...{x1: Math.max(stretch.from, x.domain[0]), x2: Math.min(stretch.to, x.domain[1])},
              ...{y1: y.domain[0], y2: y.domain[1], fill: palette.rule, fillOpacity: 0.18},
            }),
            Plot.text([stretch], {
              ...{
                ...text,
                ...halo,
                x: Math.max(stretch.from, x.domain[0]),
                frameAnchor: "top",
                textAnchor: "start",
              },
              ...{dx: 6, dy: 6, text: () => stretchLines(stretch).join("\n")},
            }),
          ]
        : []),
      ...lines.flatMap(({points, color, isMeasured, turn}) => {
        const at = turn?.x ?? Number.POSITIVE_INFINITY;
        const stroke = {x: "x", y: "y", stroke: palette[color], strokeWidth: 2, clip: true} as const;
        return [
          Plot.line(
            points.filter((point) => point.x <= at),
            stroke,
          ),
          Plot.line(
            points.filter((point) => point.x >= at),
            {...stroke, strokeDasharray: "5 4"},
          ),
          ...(isMeasured
            ? [Plot.dot(points.filter(inside), {x: "x", y: "y", r: 3, fill: palette[color]})]
            : []),
        ];
      }),
      Plot.dot(turns, {
        ...{x: "x", y: "y", r: 6, strokeWidth: 2, fill: palette.background, fillOpacity: 0.6},
        stroke: ({color}: {color: keyof Palette}) => palette[color],
      }),
      Plot.text(turns, {
        ...{...text, ...halo, x: "x", y: "y", dy: -15, fontWeight: 600, text: ({x: at}) => x.format(at)},
        fill: ({color}: {color: keyof Palette}) => palette[color],
      }),
      ...ends.map(({name, color}, i) =>
        Plot.text([name], {
          ...{...text, ...halo, frameAnchor: "top-right", textAnchor: "start", lineAnchor: "middle"},
          ...{dx: 8, dy: middles[i] - margins.marginTop, fill: palette[color], fontWeight: 600},
        }),
      ),
      Plot.text([y.label], {
        ...{...text, frameAnchor: "top-left", textAnchor: "start", dx: 4 - margins.marginLeft, dy: -28},
      }),
      Plot.text([x.label], {...text, frameAnchor: "bottom", dy: 36}),
      Plot.tip(
        lines.flatMap(({name, points}) => points.filter(inside).map((point) => ({...point, name}))),
        Plot.pointer({
          ...{x: "x", y: "y"},
          title: (point: CriticalPoint & {name: string}) =>
            point.title ?? `${point.name}\n${x.label}: ${x.format(point.x)}\nloss: ${point.y.toFixed(3)}`,
          ...{fill: palette.background, stroke: palette.rule, fontSize: 12, lineHeight: 1.3},
        }),
      ),
    ],
  });
  return accessibleSvg(chart, description);
}

/** Powers of ten, with 3 times them (or 2 and 5 times) where there is room. */
export function logTicks([low, high]: readonly [number, number], width: number): number[] {
  const decades = Math.log10(high / low);
  const perDecade = width / decades;
  const steps = perDecade > 260 ? [1, 2, 5] : perDecade > 110 ? [1, 3] : [1];
  const every = perDecade < 44 ? Math.ceil(44 / perDecade) : 1;
  const first = Math.floor(Math.log10(low));
  const ticks: number[] = [];
  for (let power = first; power <= Math.ceil(Math.log10(high)); power++) {
    if ((power - first) % every !== 0) continue;
    for (const step of steps) {
      const tick = step * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/** So many values from one to another, in equal factors. */
export const logSteps = ([low, high]: readonly [number, number], count: number): number[] =>
  Array.from({length: count + 1}, (_, i) => low * (high / low) ** (i / count));
