import {datasetTable} from "../../loaders/dataset.js";
import {madeFiles} from "../../loaders/made-files.js";
import {bundleForBrowser} from "../../tools/site/bundle.js";

/** What the chart reads; the rest of the table would only make the module larger. */
const columns = [
  ...["scheme", "recipe", "stage", "depth", "layer", "tensor", "spread"],
  ...["underflow_e4m3fn", "underflow_e5m2", "underflow_fp16"],
];

const {dataset, module} = madeFiles["embed/variance.js"];
const table = await datasetTable(dataset);
const embeddedColumns = Object.fromEntries(
  columns.map((name) => [name, Array.from(table.array(name) as Iterable<unknown>, shorten)]),
);
const define = {embeddedColumns: JSON.stringify(embeddedColumns)};
process.stdout.write(await bundleForBrowser(module, {minify: true, define}));

/** Five digits are more than a picture shows. */
function shorten(value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(5)) : value;
}
