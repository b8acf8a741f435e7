import {expect, it} from "vitest";
import {exponentHistogram} from "../../../docs/components/exponent-histogram.js";
import type {RecordedFormat} from "../../../docs/components/lost-shares.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";
import {varianceRows} from "./rows.js";

const rows = varianceRows();
const {document} = page();
const view = {layer: "block 2 mlp up", tensor: "activation gradient"};

it("exponentHistogram(rows) draws the standard panel above the unit-scaled one", async () => {
  await expectDrawing(
    exponentHistogram(rows, {...view, document, palette: lightPalette}),
    "histogram-wide-light",
  );
});

it("exponentHistogram(rows, {width}) fits a narrow screen", async () => {
  const options = {...view, tensor: "weight gradient", format: "fp16", width: 360} as const;
  await expectDrawing(
    exponentHistogram(rows, {...options, document, palette: darkPalette}),
    "histogram-narrow-dark",
  );
});

it("exponentHistogram(rows) draws what the cast loses hollow, and nothing else", () => {
  const bars = (format: "e5m2" | "fp16", scheme: string) => {
    const chart = exponentHistogram(rows, {
      ...view,
      format,
      schemes: [scheme],
      document,
      palette: lightPalette,
    });
    const solid = chart.querySelectorAll(`g[fill="${lightPalette.backward}"] rect`).length;
    const hollow = chart.querySelectorAll(`g[fill="${lightPalette.background}"] rect`).length;
    return {solid, hollow};
  };
  const standard = bars("e5m2", "standard");
  expect(standard.hollow).toBeGreaterThan(standard.solid);
  expect(bars("fp16", "standard").hollow).toBeLessThan(standard.hollow);
  expect(bars("e5m2", "unit").solid).toBeGreaterThan(bars("e5m2", "unit").hollow);
});

it("exponentHistogram(rows) says in its name what the cast loses", () => {
  const label = exponentHistogram(rows, {...view, document}).getAttribute("aria-label");
  expect(label).toContain("activation gradients of block 2 mlp up");
  expect(label).toMatch(/Standard: .*% round to zero in E5M2/);
});

it("exponentHistogram(rows) keeps its scales whatever layer, tensor, stage and format are shown", () => {
  const ticks = (options: Partial<typeof view> & {stage?: string; format?: RecordedFormat}) =>
    [...exponentHistogram(rows, {...view, ...options, document}).querySelectorAll("text")]
      .filter((text) => /^(2[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d0%)$/.test(text.textContent!))
      .map((text) => `${text.textContent} ${text.getAttribute("transform")}`);
  const reference = ticks({});
  expect(reference.length).toBeGreaterThan(10);
  expect(ticks({layer: "head", tensor: "activation", stage: "trained", format: "e4m3fn"})).toEqual(reference);
});

it("exponentHistogram(rows) says so where every value is zero", () => {
  const dead = rows.map((row) => ({
    ...row,
    spread: 0,
    zeros: 1,
    histogram: new Float32Array(row.histogram.length),
  }));
  const chart = exponentHistogram(
    rows.map((row, i) => (row.scheme === "standard" ? dead[i] : row)),
    {...view, document},
  );
  expect(chart.outerHTML).not.toMatch(/NaN|Infinity/);
  expect(chart.getAttribute("aria-label")).toContain("Standard: every value is zero.");
});
