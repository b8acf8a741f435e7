import {JSDOM} from "jsdom";
import {importComponent} from "../tools/site/bundle.js";
import {datasetTable} from "./dataset.js";
import {madeFiles} from "./made-files.js";

type DrawChart = (rows: object[], options: object) => SVGSVGElement;
type SvgFile = (chart: SVGSVGElement, options: {readonly background: string}) => string;

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
  const {svgFile} = await importComponent<{svgFile: SvgFile}>("docs/components/svg-file.ts");
  const {document} = new JSDOM("").window;
  const chart = draw((await datasetTable(dataset)).objects(), {document, width, palette});
  process.stdout.write(`${svgFile(chart, palette)}\n`);
}
