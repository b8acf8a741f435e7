import {embeds} from "./loaders/embeds.js";
import {pageHead} from "./tools/site/page-head.js";
import {renderMath} from "./tools/site/math.js";

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
  dynamicPaths: embeds,
  markdownIt: renderMath,
};
