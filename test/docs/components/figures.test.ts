import {expect, it} from "vitest";
import {histogramFigure} from "../../../docs/components/histogram-figure.js";
import {lossFigure} from "../../../docs/components/loss-figure.js";
import {pageState} from "../../../docs/components/page-state.js";
import type {RunSummary} from "../../../docs/components/run-summary.js";
import {spreadFigure} from "../../../docs/components/spread-figure.js";
import {unitScalingChoices} from "../../../docs/components/unit-scaling-choices.js";
import {page} from "./page.js";
import {lossRows, varianceRows} from "./rows.js";

const rows = varianceRows();
const runs = [
  {id: "0123456789abcdef", engine: "fedc", settings: {scheme: "unit", recipe: "fp8"}},
] as RunSummary[];

function setUp(url?: string) {
  const {window, document} = page({url});
  const state = pageState(unitScalingChoices(rows), window);
  return {window, document, state, options: {state, runs, document}};
}

/** Opens the table and returns its cells, line by line. */
function openTable(window: {Event: typeof Event}, figure: HTMLElement): string[][] {
  const details = figure.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  return [...figure.querySelectorAll("tbody tr")].map((line) =>
    [...line.children].map((cell) => cell.textContent!),
  );
}

it("unitScalingChoices(rows) opens on the product whose gradients lose most, and offers what the data have", () => {
  const {layer, recipe, tensor} = unitScalingChoices(rows);
  const gradients = rows.filter(
    (row) =>
      row.scheme === "standard" &&
      row.recipe === "fp32" &&
      row.stage === "initial" &&
      row.tensor === tensor.initial,
  );
  const underflow = (name: string) => gradients.find((row) => row.layer === name)!.underflow_e5m2;
  for (const name of layer.values.slice(1))
    expect(underflow(layer.initial)).toBeGreaterThanOrEqual(underflow(name));
  expect(layer.values).toHaveLength(18);
  expect([layer.values[0], layer.values[17]]).toEqual(["embedding", "head"]);
  expect(recipe.values).toEqual(["fp32", "fp8", "fp8-scaled"]);
});

it("spreadFigure(rows) has a table that equals the chart", () => {
  const {window, document, state, options} = setUp();
  const figure = spreadFigure(rows, options);
  document.body.append(figure);
  const symbols = () => figure.querySelectorAll("svg circle, svg path[transform]").length;
  expect(openTable(window, figure)).toHaveLength(symbols());
  state.set({scheme: "unit", stage: "trained"});
  const lines = openTable(window, figure);
  expect(lines).toHaveLength(symbols());
  expect(new Set(lines.map(([scheme]) => scheme))).toEqual(new Set(["unit"]));
  const [line] = lines;
  const row = rows.find(
    (candidate) =>
      candidate.scheme === "unit" &&
      candidate.stage === "trained" &&
      candidate.recipe === "fp32" &&
      candidate.layer === line[1] &&
      candidate.tensor === line[2],
  )!;
  expect(Number(line[3])).toBeCloseTo(row.spread, 3);
});

it("spreadFigure(rows) chooses the clicked layer, which the histogram then shows", () => {
  const {window, document, options, state} = setUp();
  const spread = spreadFigure(rows, options);
  const histogram = histogramFigure(rows, options);
  document.body.append(spread, histogram);
  const chart = spread.querySelector("svg")!;
  chart.getBoundingClientRect = () => ({top: 0, width: 960}) as DOMRect;
  chart.dispatchEvent(new window.MouseEvent("click", {clientY: 124 + 17.5 * 24}));
  expect(state.get().layer).toBe("head");
  expect(histogram.querySelector("svg")!.getAttribute("aria-label")).toContain("of head");
  expect(histogram.querySelector("output")!.textContent).toBe("head");
});

it("figures begin as the address asks, and say what a control has changed", async () => {
  const {document, state, options} = setUp(
    "https://example.org/unit-scaling?layer=head&tensor=weight&format=fp16",
  );
  const figure = histogramFigure(rows, options);
  document.body.append(figure);
  const label = () => figure.querySelector("svg")!.getAttribute("aria-label")!;
  expect(label()).toContain("weights of head");
  expect(label()).toContain("FP16");
  state.set({format: "e4m3fn"});
  await expect.poll(() => figure.querySelector("[aria-live]")!.textContent).toBe(label());
  expect(label()).toContain("E4M3");
});

it("lossFigure(rows) has a table of the measured steps", () => {
  const {window, document, state, options} = setUp();
  const figure = lossFigure(lossRows({steps: 40}), options);
  document.body.append(figure);
  expect(openTable(window, figure)).toHaveLength(6 * 8);
  state.set({scheme: "standard"});
  expect(openTable(window, figure)).toHaveLength(3 * 8);
});

it("figures name the runs and the engine that they were drawn from", () => {
  const {options} = setUp();
  expect(spreadFigure(rows, options).textContent).toContain("unit fp8 0123456789ab. Engine: fedc.");
});
