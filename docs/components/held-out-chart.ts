import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {svgMaker} from "./svg-maker.js";

/** How well one law predicts runs that its constants have not seen. */
export interface HeldOutRow {
  readonly law: string;
  readonly title: string;
  /** Free constants. */
  readonly constants: number;
  /** Mean size of log residuals of runs left out of the fit, in percent; NaN where the fit failed. */
  readonly heldOut: number;
  /** The same of the runs that were fitted. */
  readonly inSample: number;
  /** The best, or no worse than it by two standard errors. */
  readonly isAmongBest: boolean;
  readonly problem?: string;
}

interface HeldOutChartOptions {
  /** Name of the law that the other figures show. */
  readonly chosen: string;
  readonly label: string;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const rowHeight = 46;

/** A bar for each law, the best first; a tick where its error on the fitted runs lies. */
export function heldOutChart(
  rows: readonly HeldOutRow[],
  {chosen, label, width = 960, palette = pagePalette, document = globalThis.document}: HeldOutChartOptions,
): SVGSVGElement {
  const make = svgMaker(document);
  const height = rows.length * rowHeight + 4;
  const known = rows.flatMap(({heldOut, inSample}) => [heldOut, inSample]).filter(Number.isFinite);
  // One law that fails on unseen runs would make all others look alike.
  const smallest = Math.min(...rows.map(({heldOut}) => heldOut).filter(Number.isFinite), Infinity);
  const largest = Math.min(Math.max(...known, 0), 8 * smallest);
  const right = width - 8;
  const x = (error: number) => (largest > 0 ? (Math.min(error, largest) / largest) * right : 0);
  const groups = rows.map((row, i) => {
    const isChosen = row.law === chosen;
    const isCut = row.heldOut > largest;
    return make(
      "g",
      {transform: `translate(0,${i * rowHeight})`, "data-law": row.law},
      make("text", {x: 0, y: 14, "font-weight": isChosen ? 700 : 400}, row.title),
      make(
        "text",
        {x: width, y: 14, "text-anchor": "end", fill: palette.muted},
        `${row.isAmongBest ? "★ " : ""}${errorText(row.heldOut)}${isCut ? " →" : ""}`,
      ),
      make("rect", {
        ...{x: 0, y: 21, height: 12, width: Number.isFinite(row.heldOut) ? x(row.heldOut) : 0},
        ...{fill: isChosen ? palette.forward : palette.muted, "fill-opacity": isChosen ? 1 : 0.55},
      }),
      make("line", {
        ...{x1: x(row.inSample), x2: x(row.inSample), y1: 18, y2: 36},
        ...{stroke: palette.ink, "stroke-width": 2},
        visibility: Number.isFinite(row.inSample) ? undefined : "hidden",
      }),
    );
  });
  return make(
    "svg",
    {
      ...{width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label},
      ...{"font-family": chartFont, "font-size": 13, fill: palette.ink},
    },
    ...groups,
  );
}

/** "0.42 %" */
export const errorText = (percent: number): string =>
  Number.isFinite(percent) ? `${Number(percent.toPrecision(3))} %` : "no fit";
