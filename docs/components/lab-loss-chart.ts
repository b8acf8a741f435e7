import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {apart} from "./apart.js";
import {chartFont} from "./chart-font.js";
import type {LabRun} from "./lab-bench.js";
import {type CurvePoint, lossCurve} from "./lab-curves.js";
import type {RunName} from "./lab-state.js";
import {type Palette, pagePalette} from "./palette.js";
import {separate} from "./separate.js";

/** A run as the charts show it. */
export interface ShownRun {
  readonly name: RunName;
  /** What it is, in a few words. */
  readonly title: string;
  readonly run: LabRun;
  /** The recorded run with the same settings, behind one that is under way. */
  readonly recorded?: LabRun;
}

export interface LabLossChartOptions {
  /** Step that the other charts show; null is the last one. */
  readonly at?: number | null;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

export const runColor = (name: RunName, palette: Palette): string =>
  name === "a" ? palette.ink : palette.second;

const labelHeight = 16;

/** Pixels from a circle to the next. */
const circleRoom = 16;

/** Below this width fewer steps are written, since theirs are long numbers in a long run. */
const narrow = 480;
const marginTop = 24;
const marginBottom = 40;

/** Training loss against steps: smoothed and as it is, held-out loss as circles, and the floor where it is known. */
export function labLossChart(
  runs: readonly ShownRun[],
  {at = null, width = 640, palette = pagePalette, document = globalThis.document}: LabLossChartOptions = {},
): SVGSVGElement {
  const height = Math.round(Math.max(260, Math.min(380, width * 0.6)));
  const curves = runs.map((shown) => ({
    ...shown,
    ...lossCurve(shown.run),
    color: runColor(shown.name, palette),
  }));
  const recorded = runs.flatMap(({recorded}) => (recorded ? [lossCurve(recorded).smooth] : []));
  const steps = Math.max(1, ...runs.map(({run}) => run.settings.steps));
  const domain = lossDomain([...curves.map(({smooth}) => smooth), ...recorded], runs);
  const floors = [...new Set(runs.flatMap(({run: {floor}}) => (floor === null ? [] : [floor])))];
  const y = (loss: number) =>
    marginTop + ((domain[1] - loss) / (domain[1] - domain[0])) * (height - marginTop - marginBottom);
  const ends = curves.flatMap(({smooth, ...rest}) => {
    const last = smooth.at(-1);
    return last ? [{...rest, ...last}] : [];
  });
  const heights = separate(
    ends.map(({loss}) => ({middle: y(Math.min(domain[1], loss)), size: labelHeight})),
    [marginTop, height - marginBottom],
  );
  const position = {x: "step", y: "loss", clip: true} as const;

  const chart = Plot.plot({
    document,
    width,
    height,
    marginTop,
    marginBottom,
    marginLeft: 34,
    marginRight: 74,
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    // Room for the marks at the last step.
    x: {
      domain: [0, steps],
      insetRight: 6,
      label: "steps",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: Math.min(width < narrow ? 3 : 5, steps),
      tickSize: 0,
    },
    y: {domain, label: "nats per token", labelArrow: "none", ticks: 6, tickSize: 0, grid: true},
    marks: [
      ...(at === null ? [] : [Plot.ruleX([at], {stroke: palette.muted, strokeDasharray: "2 3"})]),
      Plot.ruleY(floors, {stroke: palette.ink, strokeDasharray: "1 3", strokeLinecap: "round"}),
      Plot.text(floors, {
        ...{x: 0, y: (floor: number) => floor, dx: 5, dy: -8, textAnchor: "start"},
        text: (floor: number) => `floor ${floor.toFixed(2)}: the entropy of the language`,
      }),
      ...recorded.map((curve) =>
        Plot.line(curve, {...position, stroke: palette.rule, strokeWidth: 6, strokeOpacity: 0.7}),
      ),
      ...curves.map(({raw, color}) =>
        Plot.line(raw, {...position, stroke: color, strokeOpacity: 0.25, strokeWidth: 1}),
      ),
      ...curves.map(({smooth, color, name}) =>
        Plot.line(smooth, {
          ...{...position, stroke: color, strokeWidth: 2.25},
          strokeDasharray: name === "b" ? "7 3" : undefined,
        }),
      ),
      ...curves.map(({run, color}) =>
        Plot.dot(sparse(run.heldOutLoss, (circleRoom * steps) / width), {
          ...position,
          r: 4,
          stroke: color,
          strokeWidth: 1.75,
          fill: palette.background,
        }),
      ),
      Plot.link(ends, {
        ...{x1: "step", x2: "step", y1: "loss", y2: "loss", clip: true},
        ...{stroke: "color", strokeWidth: 7, strokeLinecap: "round"},
      }),
      ...ends.map(({name, loss, color}, i) =>
        Plot.text([0], {
          ...{x: () => steps, y: () => domain[1], dx: 16, dy: heights[i] - marginTop},
          ...{textAnchor: "start", lineAnchor: "middle", fontSize: 13, fontWeight: 700, fill: color},
          text: () => `${name.toUpperCase()}  ${lossText(loss)}`,
        }),
      ),
    ],
  });
  return accessibleSvg(chart, description(runs));
}

/** From below the floor to the highest smoothed loss; a run that explodes leaves at the top. */
function lossDomain(curves: readonly (readonly CurvePoint[])[], runs: readonly ShownRun[]): [number, number] {
  const losses = curves.flatMap((curve) => curve.map(({loss}) => loss)).filter(Number.isFinite);
  const floors = runs.flatMap(({run: {floor}}) => (floor === null ? [] : [floor]));
  if (losses.length === 0) return [Math.min(0, ...floors), 4];
  const low = Math.min(...losses, ...floors);
  const begin = Math.max(
    ...curves.flatMap((curve) => (curve[0] ? [curve[0].loss] : [])).filter(Number.isFinite),
  );
  const high = Math.min(Math.max(...losses), begin * 1.5);
  const room = Math.max(0.1, (high - low) * 0.06);
  return [low - room, high + room];
}

/** So many that circles leave the curve to be seen, the last one among them. */
function sparse(losses: LabRun["heldOutLoss"], distance: number): LabRun["heldOutLoss"] {
  const steps = losses.map(({step}) => step);
  const shown = new Set([...apart(steps, distance), ...steps.slice(-1)]);
  return losses.filter(({step}) => shown.has(step));
}

const lossText = (loss: number): string =>
  loss < 1000 ? loss.toFixed(2) : loss.toExponential(0).replace("+", "");

function description(runs: readonly ShownRun[]): string {
  const parts = runs.map(({name, title, run}) => {
    const last = lossCurve(run).smooth.at(-1);
    const state = last
      ? `${last.loss.toFixed(3)} after step ${last.step} of ${run.settings.steps}`
      : "no steps yet";
    return `Run ${name.toUpperCase()}, ${title}: ${state}`;
  });
  return `Training loss against steps. ${parts.join(". ")}.`;
}
