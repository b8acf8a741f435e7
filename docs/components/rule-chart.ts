import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import type {RuleRow} from "./binade-block.js";
import {binadeSteps} from "./block-choices.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {textWidth} from "./text-width.js";

export interface RuleChartOptions {
  /** Position of the maximum that is marked, 0 to 63. */
  readonly position: number;
  /** What the chart shows, for assistive technology. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** Rules from the one that goes up last to the one that always does. */
const ruleOrder = ["floor", "even", "midmax", "rceil", "ceil"] as const;

const laneHeight = 30;
const lanesTop = 26;
const curvesTop = lanesTop + ruleOrder.length * laneHeight + 46;
const curvesHeight = 170;
const height = curvesTop + curvesHeight + 40;

/** Which scale each rule takes while the maximum of a block crosses a binade, and what either scale costs the block. */
export function ruleChart(
  rows: readonly RuleRow[],
  {position, label, width = 960, palette = pagePalette, document = globalThis.document}: RuleChartOptions,
): SVGSVGElement {
  const [first] = rows;
  const step = first.maximum / binadeSteps;
  const start = first.maximum;
  const middle = start + position * step;
  const spans = ruleOrder.flatMap((rule) =>
    spansOf(
      rows.filter((row) => row.rule === rule),
      step,
    ),
  );
  const laneY = (rule: string) =>
    lanesTop + ruleOrder.indexOf(rule as (typeof ruleOrder)[number]) * laneHeight;

  const curves = [1, 2].map((scale) => {
    const seen = new Map<number, RuleRow>();
    for (const row of rows) if (row.scale === scale) seen.set(row.position, row);
    return {scale, points: [...seen.values()].sort((a, b) => a.position - b.position)};
  });
  const ratios = rows.map(({ratio}) => ratio);
  const [lowest, highest] = [Math.floor(Math.min(...ratios)) - 1, Math.ceil(Math.max(...ratios)) + 1];
  const ratioY = (ratio: number) => curvesTop + curvesHeight * (1 - (ratio - lowest) / (highest - lowest));
  const at = rows.filter((row) => row.position === position);
  const dots = [...new Map(at.map((row) => [row.scale, row])).values()];
  const text = {fontSize: 12, fill: palette.ink, textAnchor: "start", lineAnchor: "middle"} as const;
  const narrow = width < 560;
  // The last number of the axis stands half beyond it.
  const endWidth = textWidth(document)(String(2 * start));
  const marginRight = Math.max(14, 1 + Math.ceil(endWidth / 2));

  const chart = Plot.plot({
    document,
    width,
    height,
    marginTop: 0,
    marginBottom: 0,
    marginLeft: narrow ? 64 : 76,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [start, 2 * start], axis: null},
    y: {domain: [0, height], range: [0, height], axis: null},
    marks: [
      Plot.text([0], {
        ...text,
        x: start,
        y: 10,
        dx: narrow ? -64 : -76,
        fontWeight: 600,
        text: () => "Rule: which scale",
      }),
      Plot.rect(spans, {
        x1: "from",
        x2: "to",
        y1: ({rule}) => laneY(rule) + 2,
        y2: ({rule}) => laneY(rule) + laneHeight - 2,
        fill: palette.scale,
        fillOpacity: ({scale}) => (scale === 1 ? 0.16 : 1),
      }),
      Plot.text(
        spans.filter(({from, to}) => (to - from) * ((width - 90) / start) > 46),
        {
          ...text,
          x: ({from}) => from,
          dx: 8,
          y: ({rule}) => laneY(rule) + laneHeight / 2,
          text: ({scale}) => `scale ${scale}`,
          fill: ({scale}) => (scale === 1 ? palette.ink : palette.background),
        },
      ),
      // Where the maximum saturates.
      Plot.rect(
        spans.filter(({saturatesFrom}) => saturatesFrom !== null),
        {
          x1: "saturatesFrom",
          x2: "to",
          y1: ({rule}) => laneY(rule) + laneHeight - 7,
          y2: ({rule}) => laneY(rule) + laneHeight - 2,
          fill: palette.ink,
        },
      ),
      Plot.text(
        spans.filter(
          ({rule, saturatesFrom, to}) =>
            rule === "floor" && saturatesFrom !== null && (to - saturatesFrom) * ((width - 90) / start) > 150,
        ),
        {
          ...text,
          x: "to",
          textAnchor: "end",
          dx: -6,
          y: ({rule}) => laneY(rule) + 11,
          fontSize: 11,
          text: () => "the maximum saturates",
        },
      ),
      Plot.text(ruleOrder, {
        ...text,
        x: () => start,
        dx: -8,
        textAnchor: "end",
        y: (rule) => laneY(rule) + laneHeight / 2,
        text: (rule) => rule,
        fontWeight: 600,
      }),
      Plot.text([0], {
        ...text,
        x: start,
        y: curvesTop - 22,
        dx: narrow ? -64 : -76,
        fontWeight: 600,
        text: () => "Signal to noise of the block, dB",
      }),
      Plot.ruleY(ratioTicks(lowest, highest), {y: ratioY, stroke: palette.rule, strokeOpacity: 0.5}),
      Plot.text(ratioTicks(lowest, highest), {
        ...text,
        x: () => start,
        dx: -8,
        textAnchor: "end",
        y: ratioY,
        text: String,
        fontSize: 11,
        fill: palette.muted,
      }),
      ...curves.map(({scale, points}) =>
        Plot.line(points, {
          x: "maximum",
          y: ({ratio}) => ratioY(ratio),
          stroke: palette.scale,
          strokeWidth: scale === 1 ? 1.5 : 3,
          strokeDasharray: scale === 1 ? "5 4" : undefined,
        }),
      ),
      ...curves
        .filter(({points}) => points.length > 0)
        .map(({scale, points}) =>
          Plot.text(scale === 1 ? points.slice(3, 4) : points.slice(-3, -2), {
            ...text,
            textAnchor: scale === 1 ? "start" : "end",
            x: "maximum",
            y: ({ratio}) => ratioY(ratio),
            dy: -12,
            text: () => `scale ${scale}`,
            fontWeight: 600,
            fill: palette.scale,
            stroke: palette.background,
            strokeWidth: 4,
          }),
        ),
      Plot.ruleX([middle], {y1: lanesTop, y2: curvesTop + curvesHeight, stroke: palette.ink}),
      Plot.dot(dots, {
        x: "maximum",
        y: ({ratio}) => ratioY(ratio),
        r: 4.5,
        fill: palette.scale,
        stroke: palette.background,
      }),
      Plot.text(axisTicks(start), {
        ...text,
        x: (tick) => tick,
        y: curvesTop + curvesHeight + 14,
        textAnchor: "middle",
        text: String,
        fontSize: 11,
        fill: palette.muted,
      }),
      Plot.text([0], {
        ...text,
        x: start * 1.5,
        y: curvesTop + curvesHeight + 31,
        textAnchor: "middle",
        text: () => "largest magnitude of the block",
        fontSize: 11,
        fill: palette.muted,
      }),
    ],
  });
  return accessibleSvg(chart, label);
}

/** Neighbouring positions at which a rule takes one scale, as an interval of the maximum. */
function spansOf(rows: readonly RuleRow[], step: number) {
  const spans: {rule: string; scale: number; from: number; to: number; saturatesFrom: number | null}[] = [];
  for (const {rule, scale, maximum, isSaturated} of rows) {
    const last = spans.at(-1);
    if (last?.scale === scale) {
      last.to = maximum + step;
      if (isSaturated) last.saturatesFrom ??= maximum;
    } else {
      spans.push({
        rule,
        scale,
        from: maximum,
        to: maximum + step,
        saturatesFrom: isSaturated ? maximum : null,
      });
    }
  }
  return spans;
}

const axisTicks = (start: number): number[] => [1, 1.25, 1.5, 1.75, 2].map((factor) => factor * start);

function ratioTicks(lowest: number, highest: number): number[] {
  const step = highest - lowest > 12 ? 5 : 2;
  const first = Math.ceil(lowest / step) * step;
  return Array.from({length: Math.floor((highest - first) / step) + 1}, (_, i) => first + i * step);
}
