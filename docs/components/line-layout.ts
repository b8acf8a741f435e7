/** Where a value stands on a number line: in which of its rows, and how many pixels from the left edge of the chart. */
export interface LinePlace {
  readonly row: number;
  readonly x: number;
}

/** A number line that is cut into rows of equal width where it does not fit into one. */
export interface LineLayout {
  readonly rows: number;
  readonly left: number;
  readonly right: number;
  /** Undefined for a value that the line does not reach. */
  readonly placeOf: (value: number) => LinePlace | undefined;
  /** Stretches of the line from one value to another, one for each row that it touches. */
  readonly stretch: (from: number, to: number) => {row: number; x1: number; x2: number}[];
  /** Values that the axis names. */
  readonly ticks: readonly number[];
}

const margin = 14;
/** Labels of the axis are that far apart at least. */
const labelPitch = 46;

/** The range of positions along the line that is drawn. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A line of magnitudes on which every binade, from a power of two to the next, has the same length. Inside a binade equal
 * distances are equal lengths.
 * @param range powers of two that the line begins and ends with
 * @param binadeWidth pixels that a binade needs; the line gets as many rows as that takes, up to `mostRows`
 */
export function binadeLayout(
  {start, end}: Range,
  {width, binadeWidth, mostRows = 8}: {width: number; binadeWidth: number; mostRows?: number},
): LineLayout {
  const room = width - 2 * margin;
  const binades = end - start;
  const rows = Math.max(1, Math.min(mostRows, Math.ceil((binades * binadeWidth) / room)));
  const perRow = Math.ceil(binades / rows);
  const pixels = room / perRow;
  const every = niceStep(labelPitch / pixels);
  const ticks = [];
  for (let power = Math.ceil(start / every) * every; power <= end; power += every) ticks.push(2 ** power);
  return {...cutLine({start, end}, {perRow, pixels, room}, binadePosition), ticks};
}

/** A line on which equal distances are equal lengths, in one row. */
export function linearLayout({start, end}: Range, {width}: {width: number}): LineLayout {
  const room = width - 2 * margin;
  const span = end - start;
  const step = niceDecimal((span * 70) / room);
  const ticks = [];
  for (let i = Math.ceil(start / step); i * step <= end; i++) ticks.push(i * step);
  return {...cutLine({start, end}, {perRow: span, pixels: room / span, room}, (value) => value), ticks};
}

function cutLine(
  {start, end}: Range,
  {perRow, pixels, room}: {perRow: number; pixels: number; room: number},
  position: (value: number) => number,
): Omit<LineLayout, "ticks"> {
  const rows = Math.ceil((end - start) / perRow);
  const rowOf = (along: number) => Math.min(Math.floor(along / perRow), rows - 1);
  const xOf = (along: number, row: number) => margin + (along - row * perRow) * pixels;
  const alongOf = (value: number) => position(value) - start;
  return {
    rows,
    left: margin,
    right: margin + room,
    placeOf(value) {
      const along = alongOf(value);
      if (!(along >= 0 && along <= end - start)) return undefined;
      const row = rowOf(along);
      return {row, x: xOf(along, row)};
    },
    stretch(from, to) {
      const first = Math.max(alongOf(from), 0);
      const last = Math.min(alongOf(to), end - start);
      const pieces = [];
      for (let row = rowOf(first); row <= rowOf(last) && first < last; row++) {
        const x1 = xOf(Math.max(first, row * perRow), row);
        const x2 = xOf(Math.min(last, (row + 1) * perRow), row);
        if (x2 > x1) pieces.push({row, x1, x2});
      }
      return pieces;
    },
  };
}

/** log2 at the powers of two, and straight in between. */
function binadePosition(value: number): number {
  if (!(value > 0)) return Number.NEGATIVE_INFINITY;
  const power = Math.floor(Math.log2(value));
  // The logarithm may be off by one next to a power of two.
  const exponent = 2 ** power > value ? power - 1 : 2 ** (power + 1) <= value ? power + 1 : power;
  return exponent + value / 2 ** exponent - 1;
}

/** The smallest of 1, 2, 4, 8 … that is not below `least`. */
const niceStep = (least: number): number => {
  let step = 1;
  while (step < least) step *= 2;
  return step;
};

/** The smallest of 1, 2 and 5 times a power of ten that is not below `least`. */
function niceDecimal(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999)!;
}
