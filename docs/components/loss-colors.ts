/**
 * Colours of a surface between two values. They run nearly linearly over about one `unit` from the lowest value (or from
 * zero, where values differ in sign), and nearly logarithmically beyond: a law is a plain beside a cliff.
 */
export interface ColorScale {
  readonly low: number;
  readonly high: number;
  readonly unit: number;
  readonly colors: readonly Rgb[];
}

type Rgb = readonly [number, number, number];

/** Colours that a picture of a surface has, besides none. */
const colorSteps = 255;

/** Low losses are light and high ones dark, by even steps of lightness: also in print, and for all kinds of colour vision. */
const sequential = [
  "#fdf3c4",
  "#f6d58b",
  "#eab067",
  "#d98759",
  "#bd6159",
  "#94456a",
  "#633777",
  "#372b6b",
  "#161a45",
];

/** Where the first law is lower blue, where it is higher orange: the site's two colours of opposite ways. */
const diverging = [
  "#0f3f8f",
  "#3f76cf",
  "#86ade6",
  "#c6d8f2",
  "#f4f2ee",
  "#f6d5b5",
  "#eda567",
  "#cf6a1e",
  "#8a3a00",
];

/** Low losses are light, high ones dark. */
export const sequentialScale = (low: number, high: number, unit: number): ColorScale => ({
  ...{low, high, unit},
  colors: ramp(sequential),
});

/** Zero has the colour in the middle. */
export const divergingScale = (most: number, unit: number): ColorScale => ({
  ...{low: -most, high: most, unit},
  colors: ramp(diverging),
});

/** Where zero of the bent axis lies: at the lowest value, or at zero between two signs. */
const originOf = ({low}: Pick<ColorScale, "low">): number => (low < 0 ? 0 : low);

const bent = (scale: ColorScale, value: number): number => {
  const distance = value - originOf(scale);
  return Math.sign(distance) * Math.log1p(Math.abs(distance) / scale.unit);
};

/** Where a value's colour lies, from 0 to 1 and beyond. */
export function shareOfValue(scale: ColorScale, value: number): number {
  const [from, to] = [bent(scale, scale.low), bent(scale, scale.high)];
  return (bent(scale, value) - from) / (to - from);
}

export function valueAtShare(scale: ColorScale, share: number): number {
  const [from, to] = [bent(scale, scale.low), bent(scale, scale.high)];
  const place = from + share * (to - from);
  return originOf(scale) + Math.sign(place) * scale.unit * Math.expm1(Math.abs(place));
}

/** The number of a value's colour, from 0; the first and the last hold for all beyond. */
export const colorIndex = (scale: ColorScale, value: number): number =>
  Math.max(0, Math.min(colorSteps - 1, Math.floor(shareOfValue(scale, value) * colorSteps)));

/** Whether dark ink can be read on a value's colour (WCAG's relative luminance). */
export function isLight(scale: ColorScale, value: number): boolean {
  const [r, g, b] = scale.colors[colorIndex(scale, value)].map((channel) => (channel / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2;
}

export const colorOf = (scale: ColorScale, value: number): string =>
  `rgb(${scale.colors[colorIndex(scale, value)].join(" ")})`;

const ramps = new Map<readonly string[], readonly Rgb[]>();

function ramp(stops: readonly string[]): readonly Rgb[] {
  let colors = ramps.get(stops);
  if (!colors) {
    const parsed = stops.map(parseColor);
    colors = Array.from({length: colorSteps}, (_, i) => mixed(parsed, i / (colorSteps - 1)));
    ramps.set(stops, colors);
  }
  return colors;
}

function parseColor(hex: string): Rgb {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

function mixed(stops: readonly Rgb[], share: number): Rgb {
  const place = share * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[i], stops[i + 1]];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (place - i) * (to[channel] - from[channel]));
  return [mix(0), mix(1), mix(2)];
}

/**
 * Numbers of the colours of a grid's values from the top row down, as pictures have them, one more than `colorIndex`: 0
 * is none, for what has no value.
 */
export function colorIndices(
  scale: ColorScale,
  {columns, rows, values}: {columns: number; rows: number; values: Float64Array},
): Uint8Array {
  const indices = new Uint8Array(values.length);
  const {unit} = scale;
  const origin = originOf(scale);
  const from = bent(scale, scale.low);
  const perStep = colorSteps / (bent(scale, scale.high) - from);
  for (let row = 0; row < rows; row++) {
    const start = (rows - 1 - row) * columns;
    const to = row * columns;
    for (let i = 0; i < columns; i++) {
      const distance = values[start + i] - origin;
      if (Number.isNaN(distance)) continue;
      const place = distance < 0 ? -Math.log1p(-distance / unit) : Math.log1p(distance / unit);
      const step = Math.floor((place - from) * perStep);
      indices[to + i] = step < 0 ? 1 : step >= colorSteps ? colorSteps : step + 1;
    }
  }
  return indices;
}

/** Four bytes for each pixel; what has no value is transparent. */
export function pixelsOf({colors}: ColorScale, indices: Uint8Array, pixels: Uint8ClampedArray): void {
  const packed = new Uint32Array(pixels.buffer, pixels.byteOffset, indices.length);
  const table = Uint32Array.from([
    0,
    ...colors.map(([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0),
  ]);
  for (let i = 0; i < indices.length; i++) packed[i] = table[indices[i]];
}
