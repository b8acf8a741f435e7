import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {bestOf, type LayoutRow} from "./layout-rows.js";
import {type Palette, pagePalette} from "./palette.js";
import {svgMaker} from "./svg-maker.js";
import {fitting, textWidth, widest} from "./text-width.js";

interface LayoutChartOptions {
  /** Exponent bits of the layout that is marked. */
  readonly exponentBits: number;
  readonly label: string;
  /** Called with the exponent bits of a column that was pressed. */
  readonly onChoose?: (exponentBits: number) => void;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const titles = ["what rounding adds to the loss, nats per token", "what rounding adds, nats per token"];
const height = 250;
const box = {left: 60, top: 30, right: 12, bottom: 46};

/** What rounding adds to the loss with every layout of a number of bits, on a logarithmic scale. */
export function layoutChart(
  rows: readonly LayoutRow[],
  {
    exponentBits,
    label,
    onChoose,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: LayoutChartOptions,
): SVGSVGElement {
  const make = svgMaker(document);
  const [low, high] = decades(rows.map(({rise}) => rise));
  const [bottom, room] = [height - box.bottom, height - box.top - box.bottom];
  const y = (rise: number) => bottom - ((Math.log10(rise) - low) / (high - low)) * room;
  const widthOf = textWidth(document);
  const decadeTexts = Array.from({length: high - low + 1}, (_, i) => decadeText(low + i));
  const left = Math.max(box.left, 10 + Math.ceil(widest(decadeTexts, widthOf, {size: 12})));
  const pitch = Math.min(90, (width - left - box.right) / rows.length);
  const x = (row: LayoutRow) => left + (row.exponentBits + 0.5) * pitch;
  const best = bestOf(rows);
  const names = rows.map(({layout}) => layout);
  const nameWidth = 4 + widest(names, widthOf, {size: 12, weight: 700});
  // The best and the chosen one may be neighbours: their names get as small as that takes.
  const nameSize = Math.min(12, (12 * pitch) / nameWidth);
  const isNamed = (row: LayoutRow) =>
    pitch >= Math.max(44, nameWidth) ||
    row === best ||
    row.exponentBits === exponentBits ||
    row.exponentBits % 3 === 0;
  const svg = make("svg", {
    ...{viewBox: `0 0 ${width} ${height}`, width, height, fill: palette.ink},
    ...{"font-family": chartFont, "font-size": 12, style: "max-width: 100%; height: auto"},
  });
  svg.append(
    make("text", {x: 0, y: 14, "font-weight": 600}, fitting(titles, width, widthOf, {size: 12, weight: 600})),
    ...Array.from({length: high - low + 1}, (_, i) => low + i).flatMap((power) => [
      make("line", {
        ...{x1: left, x2: left + rows.length * pitch, y1: y(10 ** power), y2: y(10 ** power)},
        ...{stroke: palette.rule, "stroke-opacity": 0.6},
      }),
      make(
        "text",
        {x: left - 8, y: y(10 ** power) + 4, "text-anchor": "end", fill: palette.muted},
        decadeText(power),
      ),
    ]),
  );
  for (const row of rows) {
    const isShown = row.exponentBits === exponentBits;
    const column = make(
      "g",
      {class: "layout-column", "data-layout": row.layout},
      make("rect", {
        x: x(row) - pitch / 2,
        y: box.top,
        width: pitch,
        height: height - box.top,
        fill: "transparent",
      }),
      make("line", {
        ...{x1: x(row), x2: x(row), y1: bottom, y2: y(row.rise)},
        ...{stroke: isShown ? palette.ink : palette.rule, "stroke-width": isShown ? 3 : 2},
      }),
      row === best
        ? make("path", {
            d: "M0 -8L8 0L0 8L-8 0Z",
            transform: `translate(${x(row)} ${y(row.rise)})`,
            fill: palette.background,
            stroke: palette.ink,
            "stroke-width": 2,
          })
        : make("circle", {
            cx: x(row),
            cy: y(row.rise),
            r: 5,
            fill: isShown ? palette.ink : palette.background,
            stroke: palette.ink,
            "stroke-width": 1.5,
          }),
    );
    if (isNamed(row)) {
      column.append(
        make(
          "text",
          {
            x: x(row),
            y: bottom + 18,
            ...{"text-anchor": "middle", "font-size": nameSize},
            "font-weight": isShown || row === best ? 700 : 400,
          },
          row.layout,
        ),
      );
      if (row === best || isShown)
        column.append(
          make(
            "text",
            {x: x(row), y: bottom + 34, "text-anchor": "middle", fill: palette.muted, "font-size": 11},
            row === best ? "best" : "chosen",
          ),
        );
    }
    if (onChoose) column.addEventListener("click", () => onChoose(row.exponentBits));
    svg.append(column);
  }
  return accessibleSvg(svg, label);
}

/** Powers of ten around all numbers. */
function decades(numbers: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...numbers)));
  return [low, Math.max(low + 1, Math.ceil(Math.log10(Math.max(...numbers))))];
}

const decadeText = (power: number): string =>
  power < 0 ? (10 ** power).toFixed(-power) : String(10 ** power);
