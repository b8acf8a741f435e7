import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {runColor} from "./run-colors.js";
import {runTitle} from "./run-title.js";
import {separate} from "./separate.js";
import {countText, type SweepAxis} from "./sweep-axes.js";
import {type SweepRun, tokensPerStep} from "./sweep-run.js";

export interface RunCurvesOptions {
  /** The runs that are drawn; the others stay behind them, pale. */
  readonly shown: readonly SweepRun[];
  /** Drawn heavily, with their number in this list. */
  readonly marked: readonly SweepRun[];
  readonly axes: readonly SweepAxis[];
  /** What the colours say. */
  readonly colorAxis?: SweepAxis;
  /** The loss, or what of it is above the floor, on a logarithmic scale. */
  readonly scale: "loss" | "above";
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** What a pointer finds. */
export interface CurveHit {
  readonly run: SweepRun;
  readonly tokens: number;
  readonly loss: number;
  readonly height: number;
}

const height = 420;
const margins = {marginTop: 30, marginRight: 34, marginBottom: 44, marginLeft: 44};

/** Losses above the floor below which a logarithmic axis shows nothing. */
const leastAbove = 0.01;

/** Training loss against tokens of every run. The axes hold for all runs of the sweep, whichever are shown. */
export function runCurvesChart(
  runs: readonly SweepRun[],
  {
    shown,
    marked,
    axes,
    colorAxis,
    scale,
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: RunCurvesOptions,
): SVGSVGElement {
  const isAbove = scale === "above";
  const hitsOf = (run: SweepRun): CurveHit[] =>
    run.curve.map(({step, loss}) => ({
      ...{run, loss, tokens: step * tokensPerStep(run)},
      height: isAbove ? Math.max(leastAbove, loss - (run.floor ?? 0)) : loss,
    }));
  // A run whose weights were quantized afterwards stands in several rows, with one curve.
  const hits = new Map(uniqueCurves(runs).map((run) => [run.id, hitsOf(run)]));
  const of = (some: readonly SweepRun[]) =>
    uniqueCurves(some).flatMap((run) => hits.get(run.id)!.map((hit) => ({...hit, run})));
  const isShown = new Set(shown.map(({id}) => id));
  const behind = of(runs.filter((run) => !isShown.has(run.id)));
  const front = of(shown);
  const color = runColor(colorAxis, palette);
  const [low, high] = lossDomain(of(runs), runs, isAbove);
  const tokens = runs.map((run) => (run.curve.at(-1)?.step ?? 1) * tokensPerStep(run));
  const shortest = Math.min(...of(runs).map((hit) => hit.tokens));
  const isWide = Math.max(...tokens) > 6 * quantile(tokens, 0.1);
  const floor = !isAbove && runs[0]?.floor !== null ? runs[0]?.floor : undefined;
  const opacity = shown.length > 150 ? 0.4 : shown.length > 40 ? 0.6 : 0.9;
  const text = {fontSize: 11, fill: palette.muted} as const;
  const line = {x: "tokens", y: "height", z: (hit: CurveHit) => hit.run.name, clip: true} as const;
  const ends = marked.flatMap((run, i) => {
    const end = hits.get(run.id)?.at(-1);
    return end ? [{...end, run, number: i + 1}] : [];
  });
  const top = margins.marginTop;
  const bottom = height - margins.marginBottom;
  const yOf = (value: number) => {
    const place = isAbove
      ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
      : (value - low) / (high - low);
    return bottom - Math.min(1, Math.max(0, place)) * (bottom - top);
  };
  const middles = separate(
    ends.map((end) => ({middle: yOf(end.height), size: 16})),
    [top, bottom],
  );
  const chart = Plot.plot({
    document,
    ...{width, height, ...margins},
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {
      type: isWide ? "log" : "linear",
      domain: [isWide ? shortest : 0, Math.max(...tokens)],
      ...{label: null, ticks: width < 500 ? 4 : 7, tickFormat: countText, tickSize: 0},
    },
    y: {
      type: isAbove ? "log" : "linear",
      domain: [low, high],
      label: null,
      tickSize: 0,
      grid: true,
      ticks: 6,
      tickFormat: isAbove ? "~g" : undefined,
    },
    marks: [
      Plot.line(behind, {...line, stroke: palette.rule, strokeWidth: 1, strokeOpacity: 0.35}),
      ...byColor(shown, color).map(([stroke, group]) =>
        Plot.line(of(group), {
          ...line,
          stroke,
          strokeWidth: shown.length > 40 ? 1 : 1.5,
          strokeOpacity: marked.length > 0 ? opacity * 0.5 : opacity,
        }),
      ),
      ...(floor === undefined || floor === null
        ? []
        : [
            Plot.ruleY([floor], {stroke: palette.ink, strokeDasharray: "1 3"}),
            Plot.text([floor], {
              ...{
                ...text,
                y: (value: number) => value,
                frameAnchor: "left",
                textAnchor: "start",
                dx: 4,
                dy: 9,
              },
              ...{text: (value: number) => `floor ${value.toFixed(3)}`, fill: palette.ink},
            }),
          ]),
      ...marked.flatMap((run) => [
        Plot.line(hits.get(run.id)!, {...line, stroke: palette.background, strokeWidth: 5}),
        Plot.line(hits.get(run.id)!, {...line, stroke: color(run), strokeWidth: 2.5}),
      ]),
      ...ends.map((end, i) =>
        Plot.text([end.number], {
          frameAnchor: "top-right",
          ...{dx: 14, dy: middles[i] - top, lineAnchor: "middle", fontSize: 12, fontWeight: 700},
          ...{text: (number: number) => String(number), fill: color(end.run)},
        }),
      ),
      Plot.text([isAbove ? "nats per token above the floor" : "nats per token"], {
        ...{...text, frameAnchor: "top-left", textAnchor: "start", dx: 4 - margins.marginLeft, dy: -20},
        text: (name: string) => name,
      }),
      Plot.text(["tokens"], {...text, frameAnchor: "bottom", dy: 34, text: (name: string) => name}),
      Plot.tip(
        front,
        Plot.pointer({
          ...{x: "tokens", y: "height", maxRadius: 30, fontSize: 12, lineHeight: 1.3, lineWidth: 34},
          title: ({run, tokens: at, loss}: CurveHit) =>
            `${runTitle(run, axes)}\n${countText(at)} tokens: ${loss.toFixed(3)}\n${outcome(run)}`,
          ...{fill: palette.background, stroke: palette.rule},
        }),
      ),
    ],
  });
  return accessibleSvg(chart, label);
}

const outcome = ({diverged, loss}: SweepRun): string =>
  loss === null ? `diverged at step ${diverged?.step}` : `held out at the end: ${loss.toFixed(4)}`;

/** From the floor, or the lowest loss, to where runs that do not diverge begin. */
function lossDomain(
  hits: readonly CurveHit[],
  runs: readonly SweepRun[],
  isAbove: boolean,
): [number, number] {
  const known = hits.filter((hit) => hit.run.loss !== null || runs.every(({loss}) => loss === null));
  const low = Math.min(...known.map((hit) => hit.height));
  const start = Math.max(
    ...runs.flatMap((run) => (run.loss === null ? [] : [run.curve[0]?.loss ?? 0])),
    low + 0.1,
  );
  const floor = runs[0]?.floor ?? low;
  if (isAbove) return [Math.max(leastAbove, low * 0.9), Math.max(low * 2, start - floor)];
  return [Math.min(floor, low) - (start - low) * 0.06, start * 1.02];
}

function byColor(runs: readonly SweepRun[], color: (run: SweepRun) => string): [string, SweepRun[]][] {
  const groups = new Map<string, SweepRun[]>();
  for (const run of runs) {
    const group = groups.get(color(run));
    if (group) group.push(run);
    else groups.set(color(run), [run]);
  }
  return [...groups];
}

const uniqueCurves = (runs: readonly SweepRun[]): SweepRun[] =>
  [...new Map([...runs].reverse().map((run) => [run.id, run])).values()].reverse();

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 1;
}
