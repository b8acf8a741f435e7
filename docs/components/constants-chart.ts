import {scaleLinear, scaleLog} from "npm:d3";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {shortNumber} from "./short-number.js";
import {svgMaker} from "./svg-maker.js";
import {symbolPieces} from "./symbol-text.js";

/** A constant of a law, or what follows from its constants, as it was fitted and as others have it. */
export interface ConstantRow {
  readonly name: string;
  readonly symbol: string;
  readonly scale: "log" | "linear";
  readonly value: number;
  /** Null where the runs do not say how sure the value is. */
  readonly interval: readonly [number, number] | null;
  /** What the fit before the last change had. */
  readonly before?: number;
  readonly published: readonly PublishedValue[];
  /** What is special about the value: "not identified", "at its bound", "held fixed"; empty otherwise. */
  readonly note: string;
}

export interface PublishedValue {
  /** Whose value it is. */
  readonly name: string;
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  /** Whether it was fitted to the same runs. Otherwise it need not agree. */
  readonly isSameData: boolean;
}

interface ConstantsChartOptions {
  /** The chart in a sentence. */
  readonly label: string;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const rowHeight = 62;
const gap = 36;

/** Width from which rows stand in two columns. */
const twoColumns = 660;

/** By what factor of the own interval's length an axis grows at most to show values of other data. */
const mostStretch = 2;

/** A line for each constant: a dot with its interval, what the fit before had, and published values. */
export function constantsChart(
  rows: readonly ConstantRow[],
  {label, width = 960, palette = pagePalette, document = globalThis.document}: ConstantsChartOptions,
): SVGSVGElement {
  const make = svgMaker(document);
  const columns = width >= twoColumns ? 2 : 1;
  const columnWidth = (width - (columns - 1) * gap) / columns;
  const lines = Math.ceil(rows.length / columns);
  const height = Math.max(1, lines) * rowHeight + 4;
  const groups = rows.map((row, i) => {
    const left = Math.floor(i / lines) * (columnWidth + gap);
    return make(
      "g",
      {transform: `translate(${left},${(i % lines) * rowHeight})`},
      ...constantLine(row, {width: columnWidth, palette, make}),
    );
  });
  return make(
    "svg",
    {
      ...{width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label},
      ...{"font-family": chartFont, "font-size": 12, fill: palette.ink},
    },
    ...groups,
  );
}

const axisY = 33;

function constantLine(
  row: ConstantRow,
  {width, palette, make}: {width: number; palette: Palette; make: ReturnType<typeof svgMaker>},
): SVGElement[] {
  const x = axisOf(row, [8, width - 8]);
  const [left, right] = x.range();
  const isOutside = (value: number) => x(value) < left || x(value) > right;
  const at = (value: number) => Math.min(right, Math.max(left, x(value)));
  const text = (content: string, attributes: Record<string, string | number>) =>
    make("text", attributes, content);
  const symbol = make("text", {x: 0, y: 13, "font-weight": 700, "font-size": 14});
  for (const {text: piece, isLow} of symbolPieces(row.symbol)) {
    symbol.append(make("tspan", isLow ? {dy: 4, "font-size": 10} : {}, piece));
    if (isLow) symbol.append(make("tspan", {dy: -4, "font-size": 10}, "\u200b"));
  }
  const whisker = (interval: readonly [number, number], y: number, stroke: string, thickness: number) =>
    make("line", {
      ...{x1: at(interval[0]), x2: at(interval[1]), y1: y, y2: y},
      ...{stroke, "stroke-width": thickness},
    });
  const marks: SVGElement[] = [];
  row.published.forEach((published, i) => {
    const y = axisY + 7 + 4 * (i % 2);
    if (published.interval) marks.push(whisker(published.interval, y, palette.second, 1));
    marks.push(
      isOutside(published.value)
        ? arrow(make, {x: at(published.value), y, toRight: x(published.value) > right, fill: palette.second})
        : diamond(make, {x: x(published.value), y, palette, isHollow: !published.isSameData}),
    );
  });
  if (row.interval) marks.push(whisker(row.interval, axisY, palette.forward, 3));
  if (row.before !== undefined && Number.isFinite(row.before)) {
    marks.push(
      make("circle", {
        ...{cx: at(row.before), cy: axisY, r: 5, fill: palette.background, stroke: palette.muted},
        "stroke-width": 1.5,
      }),
    );
  }
  if (Number.isFinite(row.value)) {
    marks.push(
      make("circle", {cx: at(row.value), cy: axisY, r: 5, fill: palette.forward, "data-value": row.name}),
    );
  }
  const ticks = x.ticks(3).filter((tick) => x(tick) >= left && x(tick) <= right);
  const shownTicks = ticks.length > 5 ? ticks.filter((_, i) => i % Math.ceil(ticks.length / 4) === 0) : ticks;
  return [
    symbol,
    text(valueText(row), {x: width, y: 13, "text-anchor": "end"}),
    make("line", {x1: 0, x2: width, y1: axisY, y2: axisY, stroke: palette.rule, "stroke-opacity": 0.6}),
    ...shownTicks.flatMap((tick) => [
      make("line", {x1: x(tick), x2: x(tick), y1: axisY - 4, y2: axisY + 4, stroke: palette.rule}),
      text(shortNumber(tick, 3), {
        ...{x: x(tick), y: axisY + 22, fill: palette.muted, "font-size": 10},
        "text-anchor": x(tick) < 16 ? "start" : x(tick) > width - 16 ? "end" : "middle",
      }),
    ]),
    ...marks,
  ];
}

/** "482 (285 to 744)", or why there is no interval. */
export function valueText({value, interval, note}: ConstantRow): string {
  if (!Number.isFinite(value)) return note || "no value";
  const range = interval ? ` (${shortNumber(interval[0], 3)} to ${shortNumber(interval[1], 3)})` : "";
  return `${shortNumber(value, 4)}${range}${note ? `, ${note}` : ""}`;
}

function diamond(
  make: ReturnType<typeof svgMaker>,
  {x, y, palette, isHollow}: {x: number; y: number; palette: Palette; isHollow: boolean},
): SVGElement {
  return make("path", {
    d: `M${x},${y - 5}L${x + 5},${y}L${x},${y + 5}L${x - 5},${y}Z`,
    ...{fill: isHollow ? palette.background : palette.second, stroke: palette.second, "stroke-width": 1.5},
  });
}

/** Stands at the edge for a value beyond it. */
const arrow = (
  make: ReturnType<typeof svgMaker>,
  {x, y, toRight, fill}: {x: number; y: number; toRight: boolean; fill: string},
): SVGElement => {
  const tip = toRight ? 7 : -7;
  return make("path", {d: `M${x},${y - 5}L${x + tip},${y}L${x},${y + 5}Z`, fill});
};

/** An axis that holds the fits and published values of the same runs, and others as long as they lie near. */
function axisOf({scale, value, interval, before, published}: ConstantRow, range: readonly [number, number]) {
  const isLog = scale === "log" && value > 0;
  const to = isLog ? Math.log : (x: number) => x;
  const from = isLog ? Math.exp : (x: number) => x;
  const usable = (values: readonly (number | undefined)[]) =>
    values.filter((x): x is number => x !== undefined && Number.isFinite(x) && (!isLog || x > 0)).map(to);
  const own = usable([
    ...[value, before, ...(interval ?? [])],
    ...published
      .filter(({isSameData}) => isSameData)
      .flatMap(({value, interval}) => [value, ...(interval ?? [])]),
  ]);
  let low = Math.min(...own);
  let high = Math.max(...own);
  if (own.length === 0) [low, high] = [0, 1];
  if (high - low < 1e-6) [low, high] = [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1];
  const length = high - low;
  for (const other of usable(published.filter(({isSameData}) => !isSameData).map(({value}) => value))) {
    if (other < low && low - other <= mostStretch * length) low = other;
    if (other > high && other - high <= mostStretch * length) high = other;
  }
  const room = 0.06 * (high - low);
  const domain = [from(low - room), from(high + room)];
  return isLog ? scaleLog(domain, range) : scaleLinear(domain, range);
}
