import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import type {AxisEffect} from "./axis-effects.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {signedPlace, signedText, signedTicks} from "./signed-scale.js";
import type {SweepAxis} from "./sweep-axes.js";

export interface EffectsChartOptions {
  readonly axis: SweepAxis;
  /** The value that the others are compared with. */
  readonly reference: string;
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const top = 34;
const divergedWidth = 34;

/** A row for each value of an axis: a circle for each pair that differs in it alone, a bar for their median. */
export function effectsChart(
  effects: readonly AxisEffect[],
  {
    axis,
    reference,
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: EffectsChartOptions,
): SVGSVGElement {
  const values = axis.values.filter((value) => effects.some((effect) => effect.value === value));
  const rowHeight = values.length > 24 ? 16 : 22;
  const names = values.map((value) => shortened(axis.format(value), width < 500 ? 16 : 30));
  const left = Math.min(220, Math.max(60, ...names.map((name) => name.length * 6.6 + 18)));
  const height = top + Math.max(1, values.length) * rowHeight + 30;
  const known = effects.filter(({difference}) => difference !== null) as (AxisEffect & {
    difference: number;
  })[];
  const leasts = effects.map(({least}) => least).filter((least) => !Number.isNaN(least));
  const least = leasts.length > 0 ? Math.max(...leasts) : Number.NaN;
  const linear = Number.isNaN(least) ? 0.01 : Math.max(least, 0.002);
  const differences = known.map(({difference}) => difference);
  const [low, high] = [Math.min(-1.5 * linear, ...differences), Math.max(1.5 * linear, ...differences)];
  const place = (difference: number) => signedPlace(difference, linear);
  const right = width - 14 - divergedWidth;
  const x = (difference: number) =>
    left + ((place(difference) - place(low)) / (place(high) - place(low))) * (right - left);
  const y = (value: string) => top + (values.indexOf(value) + 0.5) * rowHeight;
  const bottom = top + values.length * rowHeight;
  const ticks = signedTicks(low, high, linear, Math.max(3, (right - left) / 48));
  const text = {fontSize: 11, fill: palette.muted} as const;
  const medians = values.flatMap((value) => {
    const own = known.filter((effect) => effect.value === value).map(({difference}) => difference);
    return own.length > 0 ? [{value, difference: median(own)}] : [];
  });
  const diverged = values.flatMap((value) => {
    const count = effects.filter((effect) => effect.value === value && effect.difference === null).length;
    return count > 0 ? [{value, count}] : [];
  });
  const chart = Plot.plot({
    document,
    ...{width, height, margin: 0},
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, width], range: [0, width], axis: null},
    y: {domain: [0, height], range: [0, height], axis: null},
    marks: [
      ...(Number.isNaN(least)
        ? []
        : [
            Plot.rect([least], {
              x1: x(-least),
              x2: x(least),
              y1: top,
              y2: bottom,
              fill: palette.ink,
              fillOpacity: 0.08,
            }),
          ]),
      Plot.link(ticks, {
        ...{x1: x, x2: x, y1: top, y2: bottom, stroke: palette.rule},
        strokeOpacity: (tick) => (tick === 0 ? 1 : 0.4),
      }),
      Plot.text(ticks, {...text, x, y: top - 10, text: signedText}),
      Plot.text([axis], {
        ...{...text, x: left, y: bottom + 18, textAnchor: "start"},
        text: () => `nats above ${axis.label} ${axis.format(reference)}`,
      }),
      Plot.text(values, {
        ...{...text, x: left - 10, y, textAnchor: "end", fill: palette.ink},
        text: (value) => shortened(axis.format(value), width < 500 ? 16 : 30),
      }),
      Plot.dot(known, {
        x: ({difference}) => x(difference),
        y: ({value}) => y(value),
        ...{r: 3, stroke: palette.chance, fill: palette.background, fillOpacity: 0.5},
      }),
      Plot.link(medians, {
        x1: ({difference}) => x(difference),
        x2: ({difference}) => x(difference),
        y1: ({value}) => y(value) - rowHeight * 0.38,
        y2: ({value}) => y(value) + rowHeight * 0.38,
        ...{stroke: palette.ink, strokeWidth: 2.5},
      }),
      Plot.text(diverged, {
        ...{
          ...text,
          x: width - 14,
          y: ({value}) => y(value),
          textAnchor: "end",
          fill: palette.sign,
          fontWeight: 700,
        },
        text: ({count}) => `✕${count > 1 ? count : ""}`,
      }),
      Plot.tip(
        known,
        Plot.pointer({
          x: ({difference}) => x(difference),
          y: ({value}) => y(value),
          title: ({value, context, difference, least: chance}) =>
            `${axis.key}=${axis.format(value)} ${context}\n${signedText(Number(difference.toFixed(4)))} nats` +
            (Number.isNaN(chance) ? "" : `; seeds alone: up to ${chance.toFixed(4)}`),
          ...{fill: palette.background, stroke: palette.rule, fontSize: 12, lineHeight: 1.3, lineWidth: 34},
        }),
      ),
    ],
  });
  return accessibleSvg(chart, label);
}

const shortened = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
