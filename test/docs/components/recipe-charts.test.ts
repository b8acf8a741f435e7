import {expect, it} from "vitest";
import {layerMap} from "../../../docs/components/layer-map.js";
import {measureShades} from "../../../docs/components/measure-shades.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {recipeLossChart} from "../../../docs/components/recipe-loss-chart.js";
import {recipePicture} from "../../../docs/components/recipe-picture.js";
import {recipeRankingChart} from "../../../docs/components/recipe-ranking-chart.js";
import {recipeResults} from "../../../docs/components/seed-noise.js";
import {recipeOf} from "../../../src/recipes/index.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";
import {healthRows, recipeLossRows, recipeRunsRows} from "./recipe-rows.js";

const {document} = page();
const standard = recipeLossRows().filter(({scheme}) => scheme === "standard");
const lossOptions = {a: "fp8", b: "fp32", floor: 0.65, steps: 400, label: "losses", document};

it("recipeLossChart(rows, {a, b}) draws every recipe, and two of them strongly", async () => {
  await expectDrawing(recipeLossChart(standard, {...lossOptions, palette: lightPalette}), "recipe-loss-wide");
});

it("recipeLossChart(rows) marks a run that ended early, and passes over losses that are not numbers", () => {
  expect(recipeLossChart(standard, lossOptions).textContent).not.toContain("✕");
  const cut = standard.filter(({recipe, step}) => recipe !== "mxfp4" || step < 100);
  expect(recipeLossChart(cut, lossOptions).textContent).toContain("MXFP4 ✕");
  const broken = standard.map((row) =>
    row.recipe === "fp8" && row.step > 50 ? {...row, loss: Number.NaN} : row,
  );
  const chart = recipeLossChart(broken, lossOptions);
  expect(chart.outerHTML).not.toContain("NaN");
  expect(chart.textContent).toContain("FP8, plain ✕");
});

it("recipeLossChart(rows) leaves out a recipe of which there is no point", () => {
  const missing = standard.map((row) => (row.recipe === "fp8" ? {...row, loss: Number.NaN} : row));
  const chart = recipeLossChart(missing, lossOptions);
  expect(chart.outerHTML).not.toContain("NaN");
  expect(chart.textContent).not.toContain("FP8, plain");
});

it("recipeRankingChart(panels) has a row for each recipe, a circle for each seed and a cross for what diverged", async () => {
  const {runs} = recipeRunsRows({diverged: ["mxfp4"]});
  const panels = ["standard", "unit"].map((scheme) => ({scheme, results: recipeResults(runs, scheme)}));
  const recipes = panels[0].results.map(({recipe}) => recipe);
  const options = {recipes, reference: "fp32", a: "fp8", b: "fp32", label: "ranking", document};
  const chart = recipeRankingChart(panels, {...options, palette: lightPalette});
  expect(chart.querySelectorAll("circle")).toHaveLength(2 * 4 * 3);
  expect(chart.textContent!.match(/✕3/g)).toHaveLength(2);
  await expectDrawing(chart, "recipe-ranking-wide");
  const narrow = recipeRankingChart(panels, {...options, width: 358, palette: darkPalette});
  expect(Number(narrow.getAttribute("height"))).toBe(2 * Number(chart.getAttribute("height")));
});

it("layerMap(cells) shades every tensor at every step, and puts a ring around one", async () => {
  const rows = healthRows().filter(({scheme, recipe}) => scheme === "standard" && recipe === "fp8");
  const {shades, shadeOf, legend} = measureShades.underflow;
  const steps = [0, 100, 200, 300, 400];
  const layers = [...new Set(rows.map(({layer}) => layer))];
  const cells = rows.flatMap(({layer, tensor, underflow}) =>
    steps.map((step, i) => ({layer, tensor, step, shade: shadeOf(underflow[i]), title: "cell"})),
  );
  const mark = {cell: {layer: "head", tensor: "activation gradient", step: 0}, word: "first"} as const;
  const options = {layers, steps, shades, legend, label: "map", mark, document};
  await expectDrawing(layerMap(cells, {...options, palette: lightPalette}), "layer-map-wide");
  await expectDrawing(layerMap(cells, {...options, width: 358, palette: darkPalette}), "layer-map-narrow");
});

it.each([
  ["underflow", [0, 1e-6, 0.005, 0.05, 0.3, 1], [0, 1, 2, 3, 4, 5]],
  ["signal", [-3, 4.7, 4.8, 15, 29, 30, 60], [0, 0, 1, 2, 3, 4, 5]],
  [
    "spread",
    [2 ** -30, 2 ** -20, 2 ** -10, 2 ** -4, 1, 8, 100, Number.POSITIVE_INFINITY],
    [0, 1, 2, 3, 4, 5, 6, 6],
  ],
] as const)("measureShades.%s gives each range its shade", (measure, values, shades) => {
  const {shadeOf, shades: legend} = measureShades[measure];
  expect(values.map(shadeOf)).toEqual(shades);
  expect(Math.max(...shades)).toBe(legend.length - 1);
  expect(shadeOf(Number.NaN)).toBeNull();
});

it("recipePicture(recipe) shows formats, scales and what is special of all six operands", async () => {
  const words = recipePicture(recipeOf({recipe: "nvfp4"}), {document}).textContent!;
  for (const place of ["P1", "P2", "P3", "P4", "P5", "P6"]) expect(words).toContain(place);
  expect(words.match(/16 random bits/g)).toHaveLength(2);
  expect(words.match(/Hadamard/g)).toHaveLength(2);
  const blocks = recipePicture(recipeOf({recipe: "fp8-block"}), {document, palette: lightPalette});
  await expectDrawing(blocks, "recipe-picture-wide");
  const integers = recipePicture(recipeOf({recipe: "int4"}), {document, width: 358, palette: darkPalette});
  expect(integers.textContent!.match(/as forward/g)).toHaveLength(2);
});
