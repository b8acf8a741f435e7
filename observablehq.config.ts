import {publishedFiles} from "./loaders/published-files.js";
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
  pages: [{name: "Unit scaling", path: "/unit-scaling"}],
  dynamicPaths: Object.keys(publishedFiles).map((path) => `/${path}`),
  markdownIt: renderMath,
};
