import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {separate} from "./separate.js";

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** A curve, or the points of one, with its name at its end. */
export interface Curve {
  /** None for curves that another one names. */
  readonly name?: string;
  readonly points: readonly CurvePoint[];
  /** A key of the palette. */
  readonly color: keyof Palette;
  readonly mark: "line" | "dashed line" | "dots";
  /** Of lines, in pixels. */
  readonly strokeWidth?: number;
}

export interface CurveAxis {
  readonly type: "linear" | "log";
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  readonly label: string;
}

export interface CurveChartOptions {
  readonly x: CurveAxis;
  readonly y: CurveAxis;
  /** What the chart shows, in words. */
  readonly description: string;
  /** A value of y to which curves are compared, with what it is. */
  readonly reference?: {readonly y: number; readonly text: string};
  /** Where names stand: right of the last points, or above the first ones. */
  readonly names?: "end" | "start";
  /** Room for names at the end, in pixels. */
  readonly nameWidth?: number;
  readonly height?: number;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const margins = {marginTop: 34, marginBottom: 46, marginLeft: 44};
const nameHeight = 15;

/** Curves over one axis, named at their ends where there is room. Points outside of the domain are cut off. */
export function curveChart(
  curves: readonly Curve[],
  {
    x,
    y,
    description,
    reference,
    names = "end",
    nameWidth = names === "end" ? 132 : 12,
    height = 380,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: CurveChartOptions,
): SVGSVGElement {
  const bottom = height - margins.marginBottom;
  const heightOf = (value: number) => {
    const [low, high] = y.domain.map((end) => (y.type === "log" ? Math.log2(end) : end));
    const place = ((y.type === "log" ? Math.log2(value) : value) - low) / (high - low);
    return bottom - Math.min(1, Math.max(0, place)) * (bottom - margins.marginTop);
  };
  const named = curves.flatMap((curve) => {
    const end = curve.points.at(names === "end" ? -1 : 0);
    return curve.name && end ? [{name: curve.name, color: curve.color, end}] : [];
  });
  const middles = separate(
    named.map(({end}) => ({middle: heightOf(end.y) - (names === "end" ? 0 : 8), size: nameHeight})),
    [margins.marginTop - nameHeight / 2, bottom],
  );
  const text = {fontSize: 11, fill: palette.muted} as const;
  const chart = Plot.plot({
    document,
    width,
    height,
    ...margins,
    marginRight: nameWidth,
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {...scaleOf(x), label: null, tickSize: 0},
    y: {...scaleOf(y), label: null, tickSize: 0, grid: true},
    marks: [
      ...(reference
        ? [
            Plot.ruleY([reference.y], {stroke: palette.ink, strokeDasharray: "2 3"}),
            Plot.text([reference.y], {
              ...text,
              y: (value: number) => value,
              frameAnchor: "left",
              textAnchor: "start",
              dx: 4,
              dy: -8,
              text: () => reference.text,
            }),
          ]
        : []),
      ...curves.map(({points, color, mark, strokeWidth = 2}) =>
        mark === "dots"
          ? Plot.dot(
              points.filter((point) => isWithin(point, {x, y})),
              {x: "x", y: "y", r: 2.75, fill: palette[color]},
            )
          : Plot.line(points, {
              ...{x: "x", y: "y", stroke: palette[color], strokeWidth, clip: true},
              strokeDasharray: mark === "dashed line" ? "5 4" : undefined,
            }),
      ),
      ...named.map(({name, color}, i) =>
        Plot.text([name], {
          ...text,
          frameAnchor: names === "end" ? "top-right" : "top-left",
          textAnchor: "start",
          dx: 8,
          dy: middles[i] - margins.marginTop,
          lineAnchor: "middle",
          text: (value: string) => value,
          fill: palette[color],
          fontWeight: 600,
          ...{stroke: palette.background, strokeWidth: 3, paintOrder: "stroke"},
        }),
      ),
      Plot.text([y.label], {
        ...text,
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: 4 - margins.marginLeft,
        dy: -24,
        text: (label: string) => label,
      }),
      Plot.text([x.label], {...text, frameAnchor: "bottom", dy: 36, text: (label: string) => label}),
      Plot.tip(
        curves.flatMap(({name, points, mark}) => points.map((point) => ({...point, name, mark}))),
        Plot.pointer({
          x: "x",
          y: "y",
          title: (point) =>
            `${point.name ?? "measured"}\n${x.label}: ${x.format(point.x)}\n${y.label}: ${shown(point.y)}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  return accessibleSvg(chart, description);
}

const isWithin = (point: CurvePoint, axes: {x: CurveAxis; y: CurveAxis}): boolean =>
  (["x", "y"] as const).every((name) => {
    const [low, high] = axes[name].domain;
    return point[name] >= low && point[name] <= high;
  });

const scaleOf = ({type, domain, ticks, format}: CurveAxis) => ({
  type,
  ...(type === "log" ? {base: 2} : {}),
  domain: [...domain],
  ticks: [...ticks],
  tickFormat: format,
});

const shown = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : value.toPrecision(3);
