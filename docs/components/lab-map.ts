import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {apart} from "./apart.js";
import {chartFont} from "./chart-font.js";
import {type LabRow, type LossIn, shareLost} from "./lab-probes.js";
import {layersByDepth} from "./layers-by-depth.js";
import {type Palette, pagePalette} from "./palette.js";
import {percentage} from "./percentage.js";
import {type SpreadKind, spreadKind} from "./spread-kind.js";
import {tensorStyles} from "./tensor-styles.js";
import {textWidth, widest} from "./text-width.js";

export interface LabMapRun {
  /** "A" and what the run is. */
  readonly title: string;
  readonly steps: number;
  /** The chosen tensor of every layer at every probed step. */
  readonly rows: readonly LabRow[];
}

export interface LabMapOptions {
  readonly tensor: string;
  readonly lossIn: LossIn;
  /** Step that is marked, and whose shares are written beside the rows; null is the last one. */
  readonly at?: number | null;
  readonly onSelect?: (step: number) => void;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** Of the names of layers, at least. */
const labelWidths = {stacked: 124, beside: 152};
const valueWidth = 46;
const sentenceHeight = 17;

/** The lines above a panel, by what they say. */
const headLines = [
  {field: "title", y: 12, size: 14, weight: 700},
  {field: "sentence", y: 34, size: 12, weight: 400},
  {field: "extremes", y: 34 + sentenceHeight, size: 12, weight: 400},
] as const;
const rowHeight = 18;
const axisHeight = 36;
const gap = 30;

/** Room for a cross. Steps that were probed closer to each other share a cell: that of the first. */
const narrowestCell = 8;
const stackBelow = 660;

/**
 * What a cast turns to zero, through depth and time: a panel for each run, a row for each layer, a cell for each probed
 * step, the fuller the more of the tensor is lost.
 */
export function labMap(
  runs: readonly LabMapRun[],
  {
    tensor,
    lossIn,
    at = null,
    onSelect,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: LabMapOptions,
): SVGSVGElement {
  const style = tensorStyles.find((candidate) => candidate.tensor === tensor)!;
  const color = palette[style.direction];
  const isStacked = width < stackBelow;
  const columns = isStacked ? 1 : runs.length;
  const layers = [...new Set(runs.flatMap(({rows}) => layersByDepth(rows)))];
  const labelWidth = Math.max(
    labelWidths[isStacked ? "stacked" : "beside"],
    10 + Math.ceil(widest(layers, textWidth(document))),
  );
  const between = gap + valueWidth;
  const panelWidth = (width - labelWidth - valueWidth - between * (columns - 1)) / columns;
  const steps = Math.max(1, ...runs.map((run) => run.steps));
  const pixels = steps / panelWidth;
  const panels = runs.map((run, i) => panelOf(run, i, {at, lossIn, narrowest: narrowestCell * pixels}));
  const headHeight = 52 + (panels.some(({extremes}) => extremes) ? sentenceHeight : 0);
  const panelHeight = headHeight + layers.length * rowHeight + axisHeight;
  const rowY = (layer: string) => headHeight + (layers.indexOf(layer) + 0.5) * rowHeight;
  const facet = isStacked ? ({fy: "panel"} as const) : ({fx: "panel"} as const);
  const text = {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const cells = panels.flatMap(({cells}) => cells);
  const shown = panels.flatMap(({shown}) => shown);
  const heads = panels.map(({cells: _, shown: __, ...head}) => head);
  const labelled = isStacked ? panels : panels.slice(0, 1);
  const names = labelled.flatMap(({panel}) => layers.map((layer) => ({panel, layer})));
  // Where there is little room, headings are over the names of the layers, too.
  const headStart = isStacked ? 8 - labelWidth : 0;

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? runs.length : 1),
    ...{marginTop: 0, marginBottom: 0, marginLeft: labelWidth, marginRight: valueWidth},
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, steps], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: panels.map(({panel}) => panel),
      axis: null,
      round: false,
      padding: columns === 1 ? 0 : between / (panelWidth + between),
    },
    marks: [
      Plot.rect(
        panels.flatMap(({panel}) => layers.map((layer) => ({panel, layer}))),
        {
          ...facet,
          ...{x1: 0, x2: steps, y1: ({layer}) => rowY(layer) - rowHeight / 2 + 1},
          ...{y2: ({layer}) => rowY(layer) + rowHeight / 2 - 1, fill: palette.ink, fillOpacity: 0.05},
        },
      ),
      // Most cells of a healthy run lose nothing, and drawing takes its time on a phone.
      Plot.rect(
        cells.filter(({share}) => share),
        {
          ...facet,
          ...{x1: "from", x2: "to", y1: ({layer}) => rowY(layer) - rowHeight / 2 + 1},
          ...{y2: ({layer}) => rowY(layer) + rowHeight / 2 - 1, fill: color},
          // Small shares are told apart better than large ones.
          fillOpacity: ({share}) => Math.sqrt(share!),
        },
      ),
      Plot.text(
        cells.filter(({kind, from, to}) => kind !== "power" && from < to),
        {
          ...{...facet, x: ({from, to}) => (from + to) / 2, y: ({layer}) => rowY(layer)},
          ...{
            text: ({kind}) => (kind === "zero" ? "×" : "∞"),
            fill: color,
            fontSize: 12,
            textAnchor: "middle",
          },
        },
      ),
      Plot.text(names, {
        ...text,
        x: 0,
        dx: -8,
        y: ({layer}) => rowY(layer),
        textAnchor: "end",
        text: "layer",
      }),
      Plot.text(shown, {
        ...{...text, x: steps, dx: 6, y: ({layer}) => rowY(layer), fill: palette.ink},
        ...{text: valueText, fontVariant: "tabular-nums"},
      }),
      Plot.ruleX(
        heads.filter(({marked}) => marked !== undefined && at !== null),
        {
          ...facet,
          ...{x: "marked", y1: headHeight, y2: panelHeight - axisHeight + 2},
          ...{stroke: palette.ink, strokeDasharray: "2 3"},
        },
      ),
      ...headLines.map(({field, y, size, weight}) =>
        Plot.text(heads, {
          ...{...text, x: 0, dx: headStart, y, text: field},
          ...{fontSize: size, fontWeight: weight, fill: palette.ink},
        }),
      ),
      Plot.text(
        heads.flatMap(({panel}) => stepTicks(steps).map((tick) => ({panel, tick}))),
        {...text, x: "tick", y: panelHeight - axisHeight + 12, textAnchor: "middle", text: "tick"},
      ),
      Plot.text(heads, {
        ...{...text, x: steps / 2, y: panelHeight - axisHeight + 28, textAnchor: "middle"},
        text: () => "steps",
      }),
      Plot.tip(
        cells.filter(({share}) => share !== null),
        Plot.pointer({
          ...facet,
          ...{x: "from", y: ({layer}) => rowY(layer), fontSize: 12, lineHeight: 1.3},
          ...{fill: palette.background, stroke: palette.rule},
          title: (cell: Cell) => `${cell.layer}, step ${cell.step}\n${tipText(cell, style.plural)}`,
        }),
      ),
    ],
  });
  if (onSelect) {
    chart.addEventListener("click", (event) => {
      const {left} = chart.getBoundingClientRect();
      const x = (event as MouseEvent).clientX - left - labelWidth;
      const inPanel = isStacked ? x : x % (panelWidth + between);
      if (inPanel >= 0 && inPanel <= panelWidth) onSelect(Math.round(inPanel * pixels));
    });
  }
  const sentences = panels.map(
    ({title, sentence, extremes}) => `${title}: ${[sentence, extremes].filter(Boolean).join("; ")}.`,
  );
  return accessibleSvg(chart, `Lost to zero, by layer and step. ${sentences.join(" ")}`);
}

interface Cell {
  readonly panel: string;
  readonly layer: string;
  readonly step: number;
  readonly from: number;
  readonly to: number;
  /** Null where the tensor is not cast. */
  readonly share: number | null;
  /** What there was before the cast. */
  readonly kind: SpreadKind;
}

interface PanelOptions {
  readonly at: number | null;
  readonly lossIn: LossIn;
  /** Steps that a cell stands for at least. */
  readonly narrowest: number;
}

function panelOf({title, rows, steps}: LabMapRun, index: number, {at, lossIn, narrowest}: PanelOptions) {
  const panel = String(index);
  const probed = [...new Set(rows.map((row) => row.step))].sort((a, b) => a - b);
  const marked = probed.filter((step) => at === null || step <= at).at(-1);
  const drawn = apart(probed, narrowest);
  const end = (probed.at(-1) ?? 0) + (probed[1] ?? steps);
  const ends = new Map(drawn.map((step, i) => [step, Math.min(steps, drawn[i + 1] ?? end)]));
  const cell = (row: LabRow): Cell => ({
    ...{panel, layer: row.layer, step: row.step, share: shareLost(row, lossIn), kind: spreadKind(row.spread)},
    ...{from: row.step, to: ends.get(row.step) ?? row.step},
  });
  const cells = rows.filter((row) => ends.has(row.step)).map(cell);
  const shown = rows.filter(({step}) => step === marked).map(cell);
  return {
    panel,
    title,
    cells,
    shown,
    marked,
    sentence: sentenceOf(shown, marked),
    extremes: extremesOf(shown),
  };
}

const valueText = ({kind, share}: Cell): string => {
  if (kind !== "power") return kind === "zero" ? "all 0" : "∞";
  return share === null ? "–" : percentage(share);
};

function tipText({kind, share}: Cell, plural: string): string {
  if (kind === "zero") return `all of its ${plural} are zero already`;
  if (kind === "overflow") return `its ${plural} are beyond all numbers`;
  return `${percentage(share!)} of its ${plural} become zero`;
}

function sentenceOf(shown: readonly Cell[], step: number | undefined): string {
  if (shown.length === 0) return "not probed yet";
  const shares = shown.flatMap(({layer, share}) => (share === null ? [] : [{layer, share}]));
  if (shares.length === 0) return "not cast";
  const worst = shares.reduce((most, cell) => (cell.share > most.share ? cell : most));
  return worst.share === 0
    ? `step ${step}: nothing is lost`
    : `step ${step}: up to ${percentage(worst.share)} lost, in ${worst.layer}`;
}

/** Layers with nothing to lose: what was zero before, and what is beyond all numbers. */
function extremesOf(shown: readonly Cell[]): string {
  const of = (wanted: SpreadKind, what: string) => {
    const count = shown.filter(({kind}) => kind === wanted).length;
    return count > 0 ? [`${count} of ${shown.length} layers have ${what}`] : [];
  };
  return [...of("zero", "nothing but zeros"), ...of("overflow", "values beyond all numbers")].join(", ");
}

function stepTicks(steps: number): number[] {
  const power = 10 ** Math.floor(Math.log10(steps / 2));
  const stride =
    [1, 2, 5, 10].map((factor) => factor * power).find((size) => steps / size <= 4) ?? power * 10;
  return Array.from({length: Math.floor(steps / stride) + 1}, (_, i) => i * stride);
}
