import {importComponent} from "../tools/site/bundle.js";
import {standaloneSvg} from "../tools/site/standalone-svg.js";
import {datasetTable} from "./dataset.js";
import {publishedFiles} from "./published-files.js";

type DrawChart = (rows: object[], options: object) => SVGSVGElement;

/** As wide as a page's text column and its margins, at which labels of 11 pixels can still be read. */
const width = 960;

/** Draws the chart of a published SVG file, with the function of that name, and writes the file to standard output. */
export async function writeChart(
  path: string,
  name: string,
  palette: {readonly background: string},
): Promise<void> {
  const {dataset, module} = publishedFiles[path];
  const {[name]: draw} = await importComponent<Record<string, DrawChart>>(module);
  const rows = (await datasetTable(dataset)).objects();
  const svg = standaloneSvg((document) => draw(rows, {document, width, palette}), palette);
  process.stdout.write(svg);
}
