import {expect, it} from "vitest";
import type {RecordedFormat} from "../../../docs/components/lost-shares.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {varianceChart} from "../../../docs/components/variance-chart.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";
import {varianceRows} from "./rows.js";

const rows = varianceRows();
const {document} = page();

it("varianceChart(rows) draws the panels side by side where there is room", async () => {
  await expectDrawing(varianceChart(rows, {document, palette: lightPalette}), "variance-wide-light");
});

it("varianceChart(rows, {width}) stacks the panels on a narrow screen", async () => {
  const chart = varianceChart(rows, {document, width: 360, palette: darkPalette, layer: "block 2 mlp up"});
  await expectDrawing(chart, "variance-narrow-dark");
});

it("varianceChart(rows) is one image with one name, so that it can stand alone", () => {
  const chart = varianceChart(rows, {document});
  expect(chart.tagName).toBe("svg");
  expect(chart.getAttribute("role")).toBe("img");
  expect(chart.getAttribute("aria-label")).toMatch(/Standard .* unit scaling/);
  expect(chart.querySelector("[aria-label]")).toBeNull();
  expect(chart.querySelectorAll("svg, figure")).toHaveLength(0);
});

it("varianceChart(rows) draws one symbol for each tensor of the chosen stage, recipe and schemes", () => {
  const symbols = (options: object) =>
    varianceChart(rows, {document, ...options}).querySelectorAll("circle, path[transform]").length;
  const layers = 18;
  expect(symbols({})).toBe(2 * 4 * layers);
  expect(symbols({stage: "trained", recipe: "fp8"})).toBe(2 * 4 * layers);
  expect(symbols({schemes: ["unit"]})).toBe(4 * layers);
});

it("varianceChart(rows) shows tensors that are all zero as such, left of every power", () => {
  const dead = rows.map((row) =>
    row.layer === "head" && row.tensor === "weight gradient" && row.scheme === "standard"
      ? {...row, spread: 0}
      : row,
  );
  const chart = varianceChart(dead, {document});
  expect(chart.outerHTML).not.toMatch(/NaN|Infinity/);
  expect(chart.textContent).toContain("and 1 tensor of zeros");
  expect(chart.querySelectorAll("circle, path[transform]")).toHaveLength(2 * 4 * 18);
});

it("varianceChart(rows) shows tensors with values beyond all numbers as such, right of every power", () => {
  const burst = rows.map((row) =>
    row.tensor === "weight gradient" && row.scheme === "unit"
      ? {...row, spread: row.layer === "head" ? Number.NaN : Number.POSITIVE_INFINITY}
      : row,
  );
  const chart = varianceChart(burst, {document});
  expect(chart.outerHTML).not.toMatch(/NaN|Infinity/);
  expect(chart.textContent).toContain("and 18 tensors beyond all numbers");
  expect([...chart.querySelectorAll("text")].map((text) => text.textContent)).toContain("∞");
  expect(chart.querySelectorAll("circle, path[transform]")).toHaveLength(2 * 4 * 18);
});

it("varianceChart(rows, {scaleRows}) takes its scales from hundreds of thousands of rows", () => {
  const scaleRows = Array.from({length: 300_000}, (_, i) => ({...rows[i % rows.length], spread: 1}));
  scaleRows[200_000] = {...scaleRows[200_000], spread: 2 ** -100};
  expect(varianceChart(rows, {document, scaleRows}).textContent).toContain("2⁻⁹⁶");
});

it("varianceChart(rows, {format}) counts the tensors that a cast to that format damages", () => {
  const count = (format: RecordedFormat) =>
    /(\w+) of 72 tensors lose over 10% of their values in (\w+)/.exec(
      varianceChart(rows, {document, format, schemes: ["standard"]}).textContent!,
    )!;
  const expected = rows.filter(
    (row) =>
      row.scheme === "standard" &&
      row.stage === "initial" &&
      row.recipe === "fp32" &&
      row.underflow_e5m2 > 0.1,
  ).length;
  expect(count("e5m2").slice(1)).toEqual([String(expected), "E5M2"]);
  expect(Number(count("e4m3fn")[1])).toBeGreaterThan(expected);
});

it("varianceChart(rows, {onSelect}) tells the layer whose row is clicked, in either panel", () => {
  const {window, document} = page();
  const chosen: string[] = [];
  const chart = varianceChart(rows, {document, width: 360, onSelect: (layer) => chosen.push(layer)});
  const height = Number(chart.getAttribute("height"));
  chart.getBoundingClientRect = () => ({top: 0, width: 360, height}) as DOMRect;
  const click = (clientY: number) => chart.dispatchEvent(new window.MouseEvent("click", {clientY}));
  const firstRow = 124 + 12;
  for (const y of [5, firstRow, firstRow + 24, firstRow + height / 2]) click(y);
  expect(chosen).toEqual(["embedding", "block 1 qkv", "embedding"]);
});

it("varianceChart(rows) draws no panel for a scheme that the rows lack", () => {
  const chart = varianceChart(
    rows.filter(({scheme}) => scheme === "unit"),
    {document},
  );
  expect(chart.textContent).not.toContain("Standard");
  expect(chart.querySelectorAll("circle, path[transform]")).toHaveLength(4 * 18);
});
