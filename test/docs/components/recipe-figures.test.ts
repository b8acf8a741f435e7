import {expect, it} from "vitest";
import {healthFigure} from "../../../docs/components/health-figure.js";
import {pageState} from "../../../docs/components/page-state.js";
import {partingFigure} from "../../../docs/components/parting-figure.js";
import {recipeLossFigure} from "../../../docs/components/recipe-loss-figure.js";
import {recipePictureFigure} from "../../../docs/components/recipe-picture-figure.js";
import {recipeRankingFigure} from "../../../docs/components/recipe-ranking-figure.js";
import {recipesChoices} from "../../../docs/components/recipes-choices.js";
import {page} from "./page.js";
import {healthRows, recipeLossRows, recipeRunsRows} from "./recipe-rows.js";

const runs = recipeRunsRows();
const health = healthRows();

function setUp(url?: string) {
  const {window, document} = page({url});
  const state = pageState(recipesChoices(runs), window);
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

const labelOf = (figure: HTMLElement) => figure.querySelector("svg")!.getAttribute("aria-label")!;

it("recipesChoices(runs) offer what was run, and open on plain FP8 against FP32", () => {
  const {scheme, a, b} = recipesChoices(runs);
  expect(scheme.values).toEqual(["standard", "unit"]);
  expect(a.values).toEqual(["fp32", "bf16", "fp8", "fp8-scaled", "mxfp4"]);
  expect([scheme.initial, a.initial, b.initial]).toEqual(["standard", "fp8", "fp32"]);
});

it("partingFigure(rows) says what it marks, and follows recipes, scheme and threshold", () => {
  const {document, state, options} = setUp();
  const figure = partingFigure(health, {...options, losses: recipeLossRows()});
  document.body.append(figure);
  const sentence = () => figure.querySelector(".figure-sentence")!.textContent!;
  expect(sentence()).toContain("part before the first update, on the way backward");
  expect(sentence()).toContain("the head");
  expect(labelOf(figure)).toContain("the activation gradients of the head");
  expect(figure.querySelector("svg")!.textContent).toContain("first");
  expect(sentence()).toMatch(/From step \d+ on the losses of FP8, plain and FP32 stay/);
  state.set({threshold: "0.2"});
  expect(sentence()).toContain("mlp down in block 2");
  state.set({compare: "lost"});
  expect(sentence()).toContain("of which the cast loses");
  state.set({scheme: "unit"});
  expect(sentence()).toContain("do not part");
  expect(figure.querySelector("svg")!.textContent).not.toContain("first");
});

it("partingFigure(rows) has a table of the tensors that differ", () => {
  const {window, document, state, options} = setUp();
  const figure = partingFigure(health, {...options, losses: recipeLossRows()});
  document.body.append(figure);
  // The gradients of all ten layers, two of each, at five looks.
  expect(openTable(window, figure)).toHaveLength(10 * 2 * 5);
  state.set({b: "fp8"});
  expect(openTable(window, figure)).toHaveLength(0);
});

it("healthFigure(rows) shows one run, and takes its recipe and measure from the address", () => {
  const {window, document, options} = setUp("https://example.org/recipes?a=mxfp4&scheme=unit&measure=signal");
  const figure = healthFigure(health, options);
  document.body.append(figure);
  expect(labelOf(figure)).toMatch(/^MXFP4, Unit scaling\. At worst, before training, the cast leaves 31 dB/);
  const lines = openTable(window, figure);
  expect(lines).toHaveLength(10 * 4 * 2);
  expect(lines[0].slice(0, 3)).toEqual(["embedding", "activation", "0"]);
  // The embedding is not cast.
  expect(lines[0].slice(4)).toEqual(["", "", ""]);
});

it("healthFigure(rows) says when a recipe casts nothing", () => {
  const {document, options} = setUp("https://example.org/recipes?a=fp32");
  const figure = healthFigure(health, options);
  document.body.append(figure);
  expect(labelOf(figure)).toContain("casts nothing");
});

it("recipeRankingFigure sorts by the chosen scheme", () => {
  const {document, state, options} = setUp();
  const figure = recipeRankingFigure(options);
  document.body.append(figure);
  expect(labelOf(figure)).toMatch(/^Standard: 2 of 4/);
  state.set({scheme: "unit"});
  expect(labelOf(figure)).toMatch(/^Unit scaling: 3 of 4/);
});

it("recipeLossFigure(rows) says whether two recipes stay apart", () => {
  const {document, state, options} = setUp();
  const figure = recipeLossFigure(recipeLossRows(), options);
  document.body.append(figure);
  expect(labelOf(figure)).toMatch(
    /From step \d+ on the losses of FP8, plain and FP32 stay more than 0.05 nats apart/,
  );
  state.set({a: "bf16"});
  expect(labelOf(figure)).toContain("BF16 and FP32 end within 0.05 nats");
});

it("recipePictureFigure tells what the picture does not show, and lists the casts of all recipes", () => {
  const {window, document, state, options} = setUp();
  const figure = recipePictureFigure(options);
  document.body.append(figure);
  expect(figure.querySelector(".figure-sentence")!.textContent).toMatch(/^FP8, plain: .*stay in FP32\.$/);
  const lines = openTable(window, figure);
  expect(lines.map(([name]) => name)).toEqual(["fp32", "bf16", "fp8", "fp8-scaled", "mxfp4"]);
  expect(lines[0].slice(1, 7)).toEqual(["", "", "", "", "", ""]);
  const [forward, backward] = ["e4m3fn ocp-saturate", "e5m2 ocp-saturate"];
  expect(lines[2].slice(1, 7)).toEqual([forward, forward, backward, forward, backward, forward]);
  state.set({a: "mxfp4"});
  expect(labelOf(figure)).toContain("P5 ∂y in E2M1 (FP4), 32×1, E8M0, × 0.75, 16 random bits, Hadamard");
});
