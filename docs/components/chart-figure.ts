import type {Column} from "./column.js";
import {copyButton} from "./copy-button.js";
import {dataTable} from "./data-table.js";
import {elementMaker} from "./element-maker.js";
import {linkTo} from "./link-to.js";
import {lightPalette, type Palette} from "./palette.js";
import {pngFile} from "./png-file.js";
import {saveFile} from "./save-file.js";
import {svgFile} from "./svg-file.js";
import {toCsv} from "./to-csv.js";

export interface ChartData<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Rows of the CSV file, where it has more than the table. */
  readonly allRows?: readonly Row[];
}

export interface ChartFigureOptions<Row> {
  /** Id of the place on the page where the figure stands; permanent, since addresses and file names contain it. */
  readonly id: string;
  readonly caption: string;
  /** Where the data come from, for a citation; a function where that can change. */
  readonly source: string | (() => string);
  readonly controls?: readonly Node[];
  /** What the chart shows, above it. A screen reader hears of its changes through the chart's own name. */
  readonly sentence?: () => string;
  readonly draw: (options: {width: number; palette?: Palette; document: Document}) => SVGSVGElement;
  /** Stands on the page instead, where the drawing moves under the pointer; `draw` then only makes the files. */
  readonly living?: LivingChart;
  readonly data: () => ChartData<Row>;
  /** Code that shows the chart elsewhere, by what it is. */
  readonly embeds?: Readonly<Record<string, () => string>>;
  readonly document?: Document;
}

/** A chart that stays while it changes. */
export interface LivingChart {
  readonly element: Element;
  /** Brings it up to date at a width in pixels. */
  readonly draw: (width: number) => void;
  /** What it shows, for assistive technology. */
  readonly label: () => string;
}

export interface ChartFigure {
  readonly element: HTMLElement;
  /** Draws again, after something that `draw` or `data` depend on has changed. */
  readonly update: () => void;
}

/** Milliseconds without a change after which a screen reader is told of the last one. */
const quietBeforeAnnouncement = 500;

/** Rows of a table on the page: hundreds of thousands would halt it for many seconds. */
const mostRows = 1000;

/** Pixels of the pictures that are taken away. */
const fileWidth = 960;

/** A chart with everything around it: controls, caption, the data as a table, and ways to take it away. */
export function chartFigure<Row>({
  id,
  caption,
  source,
  controls = [],
  sentence,
  draw,
  living,
  data,
  embeds = {},
  document = globalThis.document,
}: ChartFigureOptions<Row>): ChartFigure {
  const make = elementMaker(document);
  const canvas = make("div", {class: "chart-canvas"});
  const sentenceLine = make("p", {class: "figure-sentence"}, sentence?.() ?? "");
  // Says what a control has changed; the chart's own name is read where the chart stands.
  const summary = make("p", {class: "visually-hidden", "aria-live": "polite"});
  const tableRoom = make("div", {
    class: "chart-table",
    tabindex: 0,
    role: "region",
    "aria-label": `Data of the ${id} chart`,
  });
  const dataDetails = make("details", {}, make("summary", {}, "Show data"), tableRoom);
  let drawnWidth = 0;
  let announcement: ReturnType<typeof setTimeout> | undefined;

  const drawChart = () => {
    if (drawnWidth === 0) return;
    if (!living) return canvas.replaceChildren(draw({width: drawnWidth, document}));
    if (living.element.parentElement !== canvas) canvas.replaceChildren(living.element);
    living.draw(drawnWidth);
  };
  const fillTable = () => {
    if (!dataDetails.open) return;
    const {caption: what, rows, columns} = data();
    const isCut = rows.length > mostRows;
    const count = (rows: number) => rows.toLocaleString("en");
    const caption = isCut
      ? `${what}. The first ${count(mostRows)} of ${count(rows.length)} rows: the CSV file has all.`
      : what;
    tableRoom.replaceChildren(dataTable(rows.slice(0, mostRows), columns, {caption, document}));
  };
  dataDetails.addEventListener("toggle", fillTable);
  new document.defaultView!.ResizeObserver(() => {
    const width = Math.floor(canvas.clientWidth);
    if (width === drawnWidth) return;
    drawnWidth = width;
    drawChart();
  }).observe(canvas);

  const drawFile = () => draw({width: fileWidth, palette: lightPalette, document});
  const asSvg = (chart: SVGSVGElement) => svgFile(chart, {background: lightPalette.background});
  const downloads: Record<string, () => Blob | Promise<Blob>> = {
    csv: () => {
      const {rows, columns, allRows = rows} = data();
      return new Blob([toCsv(allRows, columns)], {type: "text/csv"});
    },
    svg: () => new Blob([asSvg(drawFile())], {type: "image/svg+xml"}),
    png: () => {
      const chart = drawFile();
      return pngFile(asSvg(chart), {width: fileWidth, height: Number(chart.getAttribute("height"))});
    },
  };
  const downloadButtons = Object.entries(downloads).map(([type, content]) => {
    const button = make("button", {type: "button"}, type.toUpperCase());
    button.setAttribute("aria-label", `Download ${type.toUpperCase()}`);
    button.addEventListener("click", async () => saveFile(`bitscape-${id}.${type}`, await content()));
    return button;
  });
  const copyLink = copyButton("Copy link", () => linkTo(document, id), {document});
  const snippets = Object.entries(embeds).map(([name, code]) =>
    make(
      "div",
      {class: "embed-code"},
      make("span", {}, name),
      make("pre", {}, code()),
      copyButton(`Copy ${name}`, code, {document}),
    ),
  );
  const embedDetails = make("details", {}, make("summary", {}, "Embed"), ...snippets);

  const sourceText = () => (typeof source === "string" ? source : source());
  const sourceLine = make("p", {class: "chart-source"}, sourceText());
  const element = make(
    "figure",
    {class: "chart-figure"},
    ...(controls.length > 0 ? [make("div", {class: "chart-controls"}, ...controls)] : []),
    ...(sentence ? [sentenceLine] : []),
    canvas,
    summary,
    make("figcaption", {}, caption),
    make("div", {class: "chart-actions"}, make("span", {}, "Download"), ...downloadButtons, copyLink),
    dataDetails,
    ...(snippets.length > 0 ? [embedDetails] : []),
    sourceLine,
  );
  return {
    element,
    update() {
      if (sentence) sentenceLine.textContent = sentence();
      drawChart();
      fillTable();
      if (sourceLine.textContent !== sourceText()) sourceLine.textContent = sourceText();
      // A slider that is held down would be read out at every step.
      clearTimeout(announcement);
      announcement = setTimeout(() => {
        summary.textContent = living?.label() ?? canvas.firstElementChild?.getAttribute("aria-label") ?? "";
      }, quietBeforeAnnouncement);
    },
  };
}
