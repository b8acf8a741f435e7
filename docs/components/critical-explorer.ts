import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFigure} from "./chart-figure.js";
import {chartFont} from "./chart-font.js";
import type {Column} from "./column.js";
import {logSteps, logTicks} from "./critical-chart.js";
import {type CriticalChoices, chosenFormats, explorerRange} from "./critical-choices.js";
import {criticalControl} from "./critical-control.js";
import {
  afterLaw,
  afterTrainingLines,
  inLaw,
  inTrainingLines,
  type LawLine,
  outsideText,
} from "./critical-laws.js";
import {explorerSentence} from "./critical-sentences.js";
import {elementMaker} from "./element-maker.js";
import type {PageState} from "./page-state.js";
import {type Palette, pagePalette} from "./palette.js";
import {perFrame} from "./per-frame.js";
import {separate} from "./separate.js";
import {countLabel, countText} from "./token-count.js";

interface CriticalLine {
  readonly name: string;
  readonly color: keyof Palette;
  readonly criticalAt: (parameters: number) => number;
}

interface Row {
  readonly name: string;
  readonly parameters: number;
  readonly critical: number;
}

const columns: readonly Column<Row>[] = [
  {name: "line", value: ({name}) => name},
  {name: "parameters", value: ({parameters}) => parameters, format: (x) => x.toExponential(1)},
  {name: "critical tokens", value: ({critical}) => critical, format: (x) => x.toExponential(3)},
];

const margin = {top: 34, right: 70, bottom: 46, left: 56} as const;
const height = 460;
const {parameters: sizes, tokens: texts} = explorerRange;

/** Where a model and its text stand in a chart of a width, and back. */
export function explorerPlace(width: number) {
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const share = (value: number, [low, high]: readonly [number, number]) =>
    Math.log(value / low) / Math.log(high / low);
  const value = (part: number, [low, high]: readonly [number, number]) =>
    low * (high / low) ** Math.min(1, Math.max(0, part));
  return {
    at: ({parameters, tokens}: {readonly parameters: number; readonly tokens: number}) => ({
      x: left + share(parameters, sizes) * (right - left),
      y: bottom - share(tokens, texts) * (bottom - top),
    }),
    from: ({x, y}: {readonly x: number; readonly y: number}) => ({
      parameters: value((x - left) / (right - left), sizes),
      tokens: value((bottom - y) / (bottom - top), texts),
    }),
  };
}

/** Critical amounts of text against the size of the model, with a point that can be moved. */
export function criticalExplorer({
  state,
  document = globalThis.document,
}: {
  readonly state: PageState<CriticalChoices>;
  readonly document?: Document;
}): HTMLElement {
  const make = elementMaker(document);
  const point = () => ({parameters: Number(state.get().parameters), tokens: Number(state.get().tokens)});
  const isAfter = () => state.get().law === "after";
  const law = () => (isAfter() ? afterLaw : inLaw);
  const lawLines = (parameters: number): readonly LawLine[] => {
    const {formats, block} = state.get();
    const lines = isAfter()
      ? afterTrainingLines(parameters)
      : inTrainingLines(parameters, {formats: chosenFormats(formats), block});
    return lines.filter(({critical}) => Number.isFinite(critical));
  };
  const say = () =>
    explorerSentence(lawLines(point().parameters), point(), outsideText(law(), point(), countText));
  const lines = (): CriticalLine[] =>
    lawLines(1e9).map(({name, color}, i) => ({
      ...{name, color},
      criticalAt: (parameters: number) => lawLines(parameters)[i].critical,
    }));
  const figure = chartFigure<Row>({
    id: "explorer",
    caption:
      "Figure 6. Published laws only. A line is the amount of text at which a model of so many parameters is best: above it, " +
      "more text does harm. The grey line is 20 tokens for each parameter, the frame what the law was fitted on. Drag the point, " +
      "or move it with the arrow keys. Formats and blocks of training are those of figure 4.",
    source: () => `Bitscape, “Critical data”, figure 6. Constants: arXiv ${law().source.arxiv}.`,
    controls: [criticalControl(state, "law", {figure: "explorer", document})],
    sentence: say,
    draw: (options) =>
      explorerChart(lines(), {...options, point: point(), domain: law().domain, description: say()}),
    data: () => ({
      caption: "Tokens beyond which more do harm",
      rows: lines().flatMap(({name, criticalAt}) =>
        logSteps(sizes, 10).map((parameters) => ({name, parameters, critical: criticalAt(parameters)})),
      ),
      columns,
    }),
    document,
  });
  const canvas = figure.element.querySelector<HTMLElement>(".chart-canvas")!;
  const handle = make("button", {type: "button", class: "explorer-handle"});
  const area = make("div", {class: "explorer-area"});
  canvas.before(area);
  area.append(canvas, handle);

  const place = () => explorerPlace(Math.floor(canvas.clientWidth));
  const set = ({parameters, tokens}: {readonly parameters: number; readonly tokens: number}) =>
    state.set({parameters: shortNumber(parameters, sizes), tokens: shortNumber(tokens, texts)});
  const follow = (event: PointerEvent) => {
    const {left, top} = area.getBoundingClientRect();
    set(place().from({x: event.clientX - left, y: event.clientY - top}));
  };
  handle.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    const end = () => {
      document.removeEventListener("pointermove", follow);
      for (const type of ["pointerup", "pointercancel"] as const) document.removeEventListener(type, end);
    };
    document.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"] as const) document.addEventListener(type, end);
  });
  canvas.addEventListener("click", (event) => follow(event as PointerEvent));
  handle.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 10 ** 0.1;
    const {parameters, tokens} = point();
    const moved = {
      ArrowRight: {parameters: parameters * step, tokens},
      ArrowLeft: {parameters: parameters / step, tokens},
      ArrowUp: {parameters, tokens: tokens * step},
      ArrowDown: {parameters, tokens: tokens / step},
    }[event.key];
    if (!moved) return;
    event.preventDefault();
    set(moved);
  });
  const update = perFrame(figure.update, document.defaultView!);
  const moveHandle = () => {
    const {x, y} = place().at(point());
    handle.style.left = `${x}px`;
    handle.style.top = `${y}px`;
    const {parameters, tokens} = point();
    handle.setAttribute(
      "aria-label",
      `${countText(parameters)} parameters on ${countText(tokens)} tokens: move with the arrow keys`,
    );
  };
  new document.defaultView!.ResizeObserver(moveHandle).observe(canvas);
  state.subscribe(() => {
    moveHandle();
    update();
  }, ["law", "parameters", "tokens", "formats", "block"]);
  return figure.element;
}

/** Three digits, inside of the range. */
function shortNumber(value: number, [low, high]: readonly [number, number]): string {
  return String(Math.min(high, Math.max(low, Number(value.toPrecision(3)))));
}

interface ExplorerChartOptions {
  readonly point: {readonly parameters: number; readonly tokens: number};
  readonly domain: typeof afterLaw.domain;
  readonly description: string;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

function explorerChart(
  lines: readonly CriticalLine[],
  {
    point,
    domain,
    description,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: ExplorerChartOptions,
): SVGSVGElement {
  const {at} = explorerPlace(width);
  const steps = logSteps(sizes, 60);
  const clipped = (tokens: number) => Math.min(texts[1], Math.max(texts[0], tokens));
  const middles = separate(
    lines.map(({criticalAt}) => ({
      middle: at({parameters: sizes[1], tokens: clipped(criticalAt(sizes[1]))}).y,
      size: 15,
    })),
    [margin.top - 7, height - margin.bottom + 7],
  );
  const text = {fontSize: 11, fill: palette.muted} as const;
  const halo = {stroke: palette.background, strokeWidth: 3, paintOrder: "stroke"} as const;
  const [fittedSizes, fittedTexts] = [domain.parameters!, domain.tokens!];
  const chart = Plot.plot({
    document,
    ...{
      width,
      height,
      marginTop: margin.top,
      marginRight: margin.right,
      marginBottom: margin.bottom,
      marginLeft: margin.left,
    },
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {
      ...{type: "log", domain: [...sizes], label: null, tickSize: 0},
      ...{
        ticks: logTicks(sizes, width - margin.left - margin.right).filter(isPowerOfTen),
        tickFormat: countLabel,
      },
    },
    y: {
      ...{type: "log", domain: [...texts], label: null, tickSize: 0, grid: true},
      ...{ticks: logTicks(texts, 8 * 50).filter(isPowerOfTen), tickFormat: countLabel},
    },
    marks: [
      Plot.rect([domain], {
        ...{x1: fittedSizes[0], x2: fittedSizes[1], y1: fittedTexts[0], y2: fittedTexts[1]},
        ...{stroke: palette.ink, strokeDasharray: "2 3", fill: palette.rule, fillOpacity: 0.18},
      }),
      Plot.text(["fitted here"], {
        ...{...text, ...halo, x: fittedSizes[0], y: fittedTexts[0], dy: 10, dx: 2, textAnchor: "start"},
      }),
      Plot.line(
        steps.map((parameters) => ({parameters, tokens: 20 * parameters})),
        {
          x: "parameters",
          y: "tokens",
          stroke: palette.muted,
          strokeDasharray: "1 4",
          strokeWidth: 1.5,
          clip: true,
        },
      ),
      ...lines.map(({color, criticalAt}) =>
        Plot.line(
          steps.map((parameters) => ({parameters, tokens: criticalAt(parameters)})),
          {x: "parameters", y: "tokens", stroke: palette[color], strokeWidth: 2, clip: true},
        ),
      ),
      ...lines.map(({name, color}, i) =>
        Plot.text([name], {
          ...{...text, ...halo, frameAnchor: "top-right", textAnchor: "start", lineAnchor: "middle"},
          ...{dx: 6, dy: middles[i] - margin.top, fill: palette[color], fontWeight: 600},
        }),
      ),
      Plot.dot([point], {
        ...{
          x: "parameters",
          y: "tokens",
          r: 6,
          fill: palette.ink,
          stroke: palette.background,
          strokeWidth: 2,
        },
      }),
      Plot.text(["training tokens"], {
        ...text,
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: 4 - margin.left,
        dy: -22,
      }),
      Plot.text(["parameters"], {...text, frameAnchor: "bottom", dy: 36}),
    ],
  });
  return accessibleSvg(chart, description);
}

const isPowerOfTen = (tick: number): boolean =>
  Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-6;
