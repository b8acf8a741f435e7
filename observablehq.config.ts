import {madeFiles} from "./loaders/made-files.js";
import {renderMath} from "./tools/site/math.js";
import {pageHead} from "./tools/site/page-head.js";

export default {
  title: "Bitscape",
  root: "docs",
  output: "dist",
  style: "style.css",
  head: pageHead,
  footer: "Bitscape: every number on these pages comes from a run that you can repeat, bit for bit.",
  globalStylesheets: [],
  search: true,
  pages: [
    {name: "Formats", path: "/formats"},
    {name: "Rounding", path: "/rounding"},
    {name: "Blocks and scales", path: "/blocks"},
    {name: "Accumulators", path: "/accumulators"},
    {name: "Disagreements", path: "/disagreements"},
    {name: "Unit scaling", path: "/unit-scaling"},
    {name: "µnit scaling", path: "/munit-scaling"},
    {name: "Recipes", path: "/recipes"},
    {name: "Sweeps", path: "/sweeps"},
    {name: "Laws", path: "/laws"},
    {name: "Bit allocation", path: "/bit-allocation"},
    {name: "Critical data", path: "/critical-data"},
    {name: "Plan", path: "/plan"},
    {name: "Lab", path: "/lab"},
    {name: "Reproduce", path: "/reproduce"},
  ],
  dynamicPaths: Object.keys(madeFiles).map((path) => `/${path}`),
  markdownIt: renderMath,
};
