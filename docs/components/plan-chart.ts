import * as Plot from "npm:@observablehq/plot";
import {
  type Advice,
  defaultTolerance,
  outsideOf,
  type PlanChoice,
  type PlanQuestion,
} from "../src/laws/plan.js";
import {bitsText} from "../src/laws/plan-words.js";
import {countText} from "../src/laws/quantity.js";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {emptyChart} from "./empty-chart.js";
import {type Palette, pagePalette} from "./palette.js";
import {planColor} from "./plan-styles.js";

interface PlanChartOptions {
  readonly question: PlanQuestion;
  /** All laws of the page, which decide the colours. */
  readonly laws: readonly {readonly title: string; readonly origin: "published" | "own"}[];
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** The best choice of a law for one number of bits, beside its best of all. */
export interface PlanPoint {
  readonly advice: Advice;
  readonly choice: PlanChoice;
  /** Nats per token above the law's best. */
  readonly excess: number;
  /** The bits lie outside the range in which the law was fitted. */
  readonly isOutside: boolean;
}

const height = 400;
const legendLine = 18;
/** Opacity where bits lie outside the range of the fit. */
const faint = 0.35;

/** For every law that knows bits, a point for each number of bits. */
export function planPoints(advices: readonly Advice[], question: PlanQuestion): PlanPoint[] {
  return advices.flatMap((advice) => {
    if (advice.kind === "reference") return [];
    const best = Math.min(...advice.curve.map(({loss}) => loss));
    return advice.curve.map((choice) => ({
      ...{advice, choice, excess: choice.loss - best},
      isOutside: outsideOf(advice.planLaw, question, choice).some(
        (name) => name !== "parameters" && name !== "tokens",
      ),
    }));
  });
}

/** What each law loses against its own best, by bits; the recommended bits are marked. */
export function planChart(
  advices: readonly Advice[],
  {question, laws, width = 960, palette = pagePalette, document = globalThis.document}: PlanChartOptions,
): SVGSVGElement {
  const points = planPoints(advices, question);
  if (points.length === 0) {
    return emptyChart("No law that knows bits has an answer", {width, height, palette, document});
  }
  const known = advices.filter(({kind, curve}) => kind !== "reference" && curve.length > 0);
  const highest = highestExcess(points);
  const colorOf = ({planLaw}: Advice) => planColor(planLaw, laws, palette);
  const at = {x: ({choice}: PlanPoint) => choice.bits, y: ({excess}: PlanPoint) => excess} as const;
  const marked = points.filter(({advice, choice}) => choice.bits === advice.recommended?.bits);
  const text = {fontSize: 11, fill: palette.muted} as const;
  const isNarrow = width < 560;
  const chart = Plot.plot({
    document,
    width,
    height,
    marginTop: 34,
    marginBottom: 44,
    marginLeft: 48,
    marginRight: 10,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0.7, 16.3], axis: null},
    y: {domain: [0, highest], axis: null},
    marks: [
      Plot.rect([0], {
        ...{x1: 0.7, x2: 16.3, y1: 0, y2: Math.min(defaultTolerance, highest)},
        ...{fill: palette.rule, fillOpacity: 0.25},
      }),
      Plot.text([`within ${defaultTolerance} nats`], {
        ...{...text, x: 16.2, y: Math.min(defaultTolerance, highest), text: String},
        ...{textAnchor: "end", dy: -8},
      }),
      Plot.axisY({
        ...{ticks: 5, tickSize: 0, color: palette.muted, fontSize: 11, label: null},
        tickFormat: (nats: number) => (nats === 0 ? "0" : String(Number(nats.toPrecision(2)))),
      }),
      Plot.gridY({ticks: 5, stroke: palette.rule, strokeOpacity: 0.5}),
      Plot.axisX({
        ...{ticks: Array.from({length: 16}, (_, i) => i + 1).filter((bits) => !isNarrow || bits % 2 === 0)},
        ...{tickSize: 0, color: palette.muted, fontSize: 12, label: null},
      }),
      Plot.text(["bits of every rounded number"], {...text, frameAnchor: "bottom", dy: 34, text: String}),
      Plot.text(["nats per token above the law’s own best"], {
        ...{...text, frameAnchor: "top-left", dx: -46, dy: -24, textAnchor: "start", text: String},
      }),
      Plot.link(segmentsOf(points), {
        ...{x1: ({start}) => start.choice.bits, x2: ({end}) => end.choice.bits},
        ...{y1: ({start}) => start.excess, y2: ({end}) => end.excess},
        ...{stroke: ({start}) => colorOf(start.advice), strokeWidth: 2, clip: true},
        strokeOpacity: ({start, end}) => (start.isOutside || end.isOutside ? faint : 1),
      }),
      Plot.dot(points, {
        ...{...at, r: 2.5, clip: true, fill: ({advice}: PlanPoint) => colorOf(advice)},
        fillOpacity: ({isOutside}: PlanPoint) => (isOutside ? faint : 1),
      }),
      Plot.dot(marked, {
        ...{...at, r: 6.5, strokeWidth: 2.5, stroke: ({advice}: PlanPoint) => colorOf(advice)},
        fill: ({advice}: PlanPoint) => (advice.outside.length > 0 ? palette.background : colorOf(advice)),
      }),
      ...known.map((advice, i) =>
        Plot.text([legendText(advice)], {
          ...{frameAnchor: "top-right", textAnchor: "end", dx: -8, dy: 10 + i * legendLine, text: String},
          ...{fontSize: isNarrow ? 11 : 13, fontWeight: 700, fill: colorOf(advice)},
          ...{stroke: palette.background, strokeWidth: 5},
        }),
      ),
      Plot.tip(
        points.filter(({excess}) => excess <= highest),
        Plot.pointer({
          ...at,
          title: pointText,
          ...{fill: palette.background, stroke: palette.rule, fontSize: 12, lineHeight: 1.3},
        }),
      ),
    ],
  });
  return accessibleSvg(chart, chartSentence(known));
}

interface Segment {
  readonly start: PlanPoint;
  readonly end: PlanPoint;
}

/** From each point to that of one bit more. */
const segmentsOf = (points: readonly PlanPoint[]): Segment[] =>
  points
    .slice(1)
    .map((end, i) => ({start: points[i], end}))
    .filter(({start, end}) => start.advice === end.advice && end.choice.bits === start.choice.bits + 1);

/** High enough to show three bits around each optimum, and no higher than half a nat. */
function highestExcess(points: readonly PlanPoint[]): number {
  const near = points.filter(
    ({advice, choice}) => advice.recommended && Math.abs(choice.bits - advice.recommended.bits) <= 2,
  );
  return Math.min(0.5, Math.max(2.2 * defaultTolerance, ...near.map(({excess}) => 1.1 * excess)));
}

function legendText({planLaw, recommended}: Advice): string {
  return `${planLaw.title}: ${recommended ? bitsText(recommended) : "no answer"}`;
}

function pointText({advice, choice, excess, isOutside}: PlanPoint): string {
  const {parameters, tokens, loss} = choice;
  return [
    `${advice.planLaw.title}, ${bitsText(choice)}`,
    `${countText(parameters)} parameters, ${countText(tokens)} tokens`,
    `loss ${loss.toFixed(4)}, ${excess.toFixed(4)} above its best`,
    ...(isOutside ? ["bits outside the range of the fit"] : []),
  ].join("\n");
}

function chartSentence(advices: readonly Advice[]): string {
  const parts = advices.map(({planLaw, recommended, within}) =>
    recommended && within
      ? `${planLaw.title}: ${bitsText(recommended)}, and ${within[0]} to ${within[1]} bits within ${defaultTolerance} nats of the best`
      : `${planLaw.title}: no answer`,
  );
  return `Loss against bits. ${parts.join("; ")}.`;
}
