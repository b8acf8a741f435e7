import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";

/** A frame with a sentence, where a chart will be. */
export function emptyChart(
  sentence: string,
  {
    width = 640,
    height = 120,
    palette = pagePalette,
    document = globalThis.document,
  }: {width?: number; height?: number; palette?: Palette; document?: Document} = {},
): SVGSVGElement {
  const chart = Plot.plot({
    document,
    ...{width, height, margin: 1},
    style: {color: palette.muted, background: "none", fontFamily: chartFont},
    marks: [
      Plot.frame({stroke: palette.rule, strokeDasharray: "3 4", rx: 6}),
      Plot.text([sentence], {frameAnchor: "middle", fontSize: 13, lineWidth: Math.max(10, width / 14)}),
    ],
  });
  return accessibleSvg(chart, sentence);
}
