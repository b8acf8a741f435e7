import {expect, it} from "vitest";
import {binadesOf} from "../../../docs/components/binades.js";
import {densityLine} from "../../../docs/components/density-line.js";
import {type LineValue, lineValues} from "../../../docs/components/line-values.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {valueLine} from "../../../docs/components/value-line.js";
import {parseFormat} from "../../../src/formats/parse.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

const {document} = page();
const formats = ["e2m1", "e3m2"];
const rows = lineValues(formats.map(parseFormat));
const strokes = (chart: Element) => chart.querySelectorAll(".value-strokes path").length;

it("valueLine(rows) draws two formats on one line", async () => {
  const chart = valueLine(rows, {
    ...{formats, document, palette: lightPalette, width: 640, selected: 3, typed: 1.4},
    headings: ["e2m1", "e3m2"],
  });
  await expectDrawing(chart, "value-line-light");
});

it("valueLine(rows, {width}) takes several rows on a narrow screen, and valueLine(rows, {scale}) a linear one", async () => {
  const narrow = valueLine(rows, {formats, document, palette: darkPalette, width: 200});
  const wide = valueLine(rows, {formats, document, width: 900});
  expect(Number(narrow.getAttribute("height"))).toBeGreaterThan(Number(wide.getAttribute("height")));
  await expectDrawing(
    valueLine(rows, {formats, document, palette: darkPalette, width: 360, scale: "linear"}),
    "value-line-linear-dark",
  );
});

it("valueLine(rows) has a stroke for every positive value, or on a linear scale for every one", () => {
  const e4m3 = lineValues([parseFormat("e4m3fn")]);
  const count = (scale: "binades" | "linear") =>
    strokes(valueLine(e4m3, {formats: ["e4m3fn"], scale, document, width: 900}));
  expect(count("binades")).toBe(126);
  expect(count("linear")).toBe(253);
});

it("valueLine(rows, {onSelect}) tells the value that is clicked, above or below the line", () => {
  const {window, document} = page();
  const chosen: LineValue[] = [];
  const chart = valueLine(rows, {formats, document, width: 400, onSelect: (row) => chosen.push(row)});
  chart.getBoundingClientRect = () => ({left: 0, top: 0, width: 400}) as DOMRect;
  const click = (clientX: number, clientY: number) =>
    chart.dispatchEvent(new window.MouseEvent("click", {clientX, clientY}));
  const [lineY, nowhere] = [52, 200];
  click(14, lineY + 8);
  click(283, lineY - 20);
  click(283, nowhere);
  expect(chosen.map(({format, value}) => `${format} ${value}`)).toEqual(["e3m2 0.0625", "e2m1 6"]);
});

it("valueLine(rows) is one image with one name", () => {
  const chart = valueLine(rows, {formats, document, headings: ["e2m1 above", "e3m2 below"]});
  expect(chart.getAttribute("role")).toBe("img");
  expect(chart.getAttribute("aria-label")).toBe("e2m1 above e3m2 below");
  expect(chart.querySelector("[aria-label]")).toBeNull();
});

it("densityLine(rows) draws how many values the binades of wide formats hold", async () => {
  const wide = ["fp16", "bf16"];
  const chart = densityLine(wide.map(parseFormat).flatMap(binadesOf), {
    ...{formats: wide, document, palette: lightPalette, width: 640, typed: 1e-6},
    headings: ["fp16", "bf16"],
  });
  expect(chart.textContent).toContain("1,024 values per binade");
  expect(chart.textContent).toContain("128 values per binade");
  await expectDrawing(chart, "density-line-light");
});

it("densityLine(rows, {onSelect}) tells the binade that is clicked", () => {
  const {window, document} = page();
  const chosen: number[] = [];
  const chart = densityLine(binadesOf(parseFormat("fp16")), {
    ...{formats: ["fp16"], document, width: 428},
    onSelect: ({exponent}) => chosen.push(exponent),
  });
  chart.getBoundingClientRect = () => ({left: 0, top: 0, width: 428}) as DOMRect;
  for (const clientX of [15, 413, 2]) chart.dispatchEvent(new window.MouseEvent("click", {clientX}));
  expect(chosen).toEqual([-24, 15]);
});

it("densityLine(rows) draws double precision with few shapes", () => {
  const chart = densityLine(["fp64", "fp32"].map(parseFormat).flatMap(binadesOf), {
    formats: ["fp64", "fp32"],
    document,
  });
  expect(chart.querySelectorAll("rect").length).toBeLessThan(120);
  expect(chart.outerHTML).not.toMatch(/NaN|Infinity/);
});
