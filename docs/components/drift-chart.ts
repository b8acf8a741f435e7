import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import type {DriftRow, DriftView} from "./drift-row.js";
import {driftSentence} from "./drift-sentence.js";
import {formatRange} from "./format-range.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";
import {presentSchemes} from "./present-schemes.js";
import {schemeTitle} from "./scheme-title.js";
import {tensorStyles} from "./tensor-styles.js";
import {fitting, textWidth} from "./text-width.js";

export interface DriftChartOptions extends DriftView {
  /** One panel for each, side by side where `width` allows, else below each other. */
  readonly schemes?: readonly string[];
  /** The layer whose line is strong. */
  readonly layer: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const stackBelow = 660;
const tickWidth = 42;
const marginRight = 26;
const plotTop = 58;
const plotBottom = 318;
const panelHeight = 364;

/** The spread of one kind of tensor in every layer against the step, with the range of a format behind it. */
export function driftChart(
  rows: readonly DriftRow[],
  {
    schemes: wanted = ["standard", "unit"],
    layer,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
    ...view
  }: DriftChartOptions,
): SVGSVGElement {
  const widthOf = textWidth(document);
  const schemes = presentSchemes(rows, wanted);
  const isStacked = width < stackBelow && schemes.length > 1;
  const columns = isStacked ? 1 : schemes.length;
  const gap = tickWidth + marginRight;
  const panelWidth = (width - gap * columns) / columns;
  const facet = isStacked ? ({fy: "scheme"} as const) : ({fx: "scheme"} as const);
  const text = {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const ofRun = rows.filter((row) => row.recipe === view.recipe && row.spread > 0);
  const shown = ofRun.filter((row) => row.tensor === view.tensor && schemes.includes(row.scheme));
  const last = Math.max(...rows.map(({step}) => step));
  // The scale is that of all tensors, so that they can be compared by switching between them.
  const powers = ofRun.map(({spread}) => Math.log2(spread));
  const [low, high] = [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers, 1))];
  const height = (power: number) =>
    plotBottom - ((clamp(power, low, high) - low) / (high - low)) * (plotBottom - plotTop);
  const range = formatRange(view.format);
  const style = tensorStyles.find(({tensor}) => tensor === view.tensor)!;
  const color = palette[style.direction];
  const ticks = Array.from({length: high - low + 1}, (_, i) => low + i).filter((power) => power % 4 === 0);
  const inPanels = <T extends object>(items: readonly T[]) =>
    schemes.flatMap((scheme) => items.map((item) => ({...item, scheme})));
  const isChosen = (row: DriftRow) => row.layer === layer;
  const y = ({spread}: DriftRow) => height(Math.log2(spread));
  const stepTicks = Array.from({length: 4}, (_, i) => Math.round((last * i) / 3));

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? schemes.length : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: tickWidth,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, last], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: schemes,
      axis: null,
      round: false,
      padding: isStacked ? 0 : gap / (panelWidth + gap),
    },
    marks: [
      ...[range.smallest, range.smallestNormal].map((limit) =>
        Plot.rect(inPanels([{}]), {
          ...facet,
          x1: 0,
          x2: last,
          y1: height(limit),
          y2: height(range.largest),
          fill: palette.rule,
          fillOpacity: 0.18,
        }),
      ),
      Plot.link(inPanels([{}]), {
        ...facet,
        x1: 0,
        x2: last,
        y1: height(0),
        y2: height(0),
        stroke: palette.ink,
      }),
      Plot.text(inPanels(ticks.map((power) => ({power}))), {
        ...text,
        x: 0,
        dx: -8,
        y: ({power}) => height(power),
        textAnchor: "end",
        text: ({power}) => (power === 0 ? "1" : powerLabel(power)),
      }),
      Plot.text(inPanels(stepTicks.map((step) => ({step}))), {
        ...text,
        x: "step",
        y: plotBottom + 15,
        textAnchor: "middle",
        text: ({step}) => String(step),
      }),
      Plot.text(inPanels([{}]), {
        ...text,
        x: last / 2,
        y: plotBottom + 32,
        textAnchor: "middle",
        text: () => "step",
      }),
      Plot.text(inPanels([{}]), {
        ...text,
        x: 0,
        dx: 1 - tickWidth,
        y: 16,
        text: ({scheme}) => schemeTitle(scheme),
        fontSize: 16,
        fontWeight: 700,
        fill: palette.ink,
      }),
      Plot.text(inPanels([{}]), {
        ...text,
        x: 0,
        dx: 1 - tickWidth,
        y: 37,
        text: ({scheme}) => {
          const sentence = driftSentence(rows, scheme, view);
          // The step stands at the slider, too.
          const short = sentence.replace(/^step \d+: /, "");
          return fitting([sentence, short], panelWidth + gap - 2, widthOf, {size: 12.5});
        },
        fontSize: 12.5,
        fill: palette.ink,
      }),
      Plot.ruleX(inPanels([{}]), {
        ...facet,
        x: view.step,
        y1: plotTop,
        y2: plotBottom,
        stroke: palette.ink,
        strokeDasharray: "1 3",
      }),
      Plot.line(shown, {
        ...facet,
        x: "step",
        y,
        z: "layer",
        stroke: color,
        strokeOpacity: (row: DriftRow) => (isChosen(row) ? 1 : 0.35),
        strokeWidth: (row: DriftRow) => (isChosen(row) ? 2.5 : 1.1),
        strokeDasharray: style.isParameter ? "4 3" : undefined,
      }),
      Plot.dot(
        shown.filter(({step}) => step === view.step),
        {
          ...facet,
          x: "step",
          y,
          r: (row) => (isChosen(row) ? 4.5 : 2.5),
          symbol: style.isParameter ? "diamond" : "circle",
          stroke: color,
          fill: style.isParameter ? palette.background : color,
        },
      ),
      Plot.text(
        shown.filter((row) => isChosen(row) && row.step === view.step),
        {
          ...text,
          x: "step",
          y,
          dy: -12,
          textAnchor: view.step > last * 0.7 ? "end" : view.step < last * 0.3 ? "start" : "middle",
          text: "layer",
          fill: color,
          fontWeight: 600,
          stroke: palette.background,
          strokeWidth: 4,
        },
      ),
      ...[range.smallest]
        .filter((limit) => limit > low)
        .map((limit) =>
          Plot.text(inPanels([{}]), {
            ...text,
            x: 0,
            dx: 5,
            y: height(limit) + 11,
            text: () => `too small for ${range.label}`,
            fill: palette.ink,
            stroke: palette.background,
            strokeWidth: 4,
          }),
        ),
      Plot.tip(
        shown,
        Plot.pointer({
          ...facet,
          x: "step",
          y,
          title: (row: DriftRow) =>
            `${row.layer}, step ${row.step}\nspread ${row.spread.toPrecision(3)} ≈ ${powerLabel(Math.log2(row.spread))}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  const sentences = schemes.map((scheme) => `${schemeTitle(scheme)}, ${driftSentence(rows, scheme, view)}.`);
  return accessibleSvg(chart, `Spread of ${style.plural} while training. ${sentences.join(" ")}`);
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
