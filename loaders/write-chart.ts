import {importComponent} from "../tools/site/bundle.js";
import {standaloneSvg} from "../tools/site/standalone-svg.js";
import {datasetTable} from "./dataset.js";
import {madeFiles} from "./made-files.js";

type DrawChart = (rows: object[], options: object) => SVGSVGElement;

/** At this width labels of 11 pixels can still be read when the picture fills a column of text. */
const width = 960;

/** Draws the chart of an SVG file, with the function of that name, and writes the file to standard output. */
export async function writeChart(
  path: "charts/variance.svg" | "charts/variance-dark.svg",
  name: string,
  palette: {readonly background: string},
): Promise<void> {
  const {dataset, module} = madeFiles[path];
  const {[name]: draw} = await importComponent<Record<string, DrawChart>>(module);
  const rows = (await datasetTable(dataset)).objects();
  const svg = standaloneSvg((document) => draw(rows, {document, width, palette}), palette);
  process.stdout.write(svg);
}
