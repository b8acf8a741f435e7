import {expect, it} from "vitest";
import {accumulatorChoices} from "../../../docs/components/accumulator-choices.js";
import {errorText} from "../../../docs/components/error-text.js";
import {pageState} from "../../../docs/components/page-state.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {raceChart} from "../../../docs/components/race-chart.js";
import {generationsClaim, raceTakeaway, signedClaim} from "../../../docs/components/race-claims.js";
import {raceFigure} from "../../../docs/components/race-figure.js";
import {raceSentence} from "../../../docs/components/race-sentence.js";
import {widthChart} from "../../../docs/components/width-chart.js";
import {widthFigure} from "../../../docs/components/width-figure.js";
import {chainWidth, widthClaim, widthSentence} from "../../../docs/components/width-sentence.js";
import {raceRows, widthRows} from "./accumulator-rows.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

const rows = raceRows();
const widths = widthRows();
const {document} = page();
const race = {data: "non-negative", operands: "e4m3"} as const;

it("raceChart(rows, {measure: bias}) draws one curve for each accumulator on a linear scale", async () => {
  const chart = raceChart(rows, {...race, measure: "bias", document, palette: lightPalette});
  await expectDrawing(chart, "race-mean-wide-light");
});

it("raceChart(rows, {measure: rms, width}) draws on a logarithmic scale, with short names on a narrow screen", async () => {
  const options = {data: "signed", operands: "fp16", measure: "rms", document, width: 340} as const;
  await expectDrawing(raceChart(rows, {...options, palette: darkPalette}), "race-spread-narrow-dark");
});

it("raceChart(rows) leaves out of a logarithmic scale what has no error", () => {
  const chart = raceChart(rows, {...race, measure: "rms", document});
  expect(chart.outerHTML).not.toMatch(/NaN|Infinity/);
  expect(chart.textContent).toContain("B200 FP8, mma.sync  0%");
});

it("raceSentence(rows) names every accumulator with its error at the longest sum", () => {
  const sentence = raceSentence(rows, {...race, measure: "bias"});
  expect(sentence).toMatch(
    /^Mean error of sums of products of non-negative numbers in E4M3\. At K = 4,096: /,
  );
  expect(sentence).toContain("H100 FP8, promoted −0.060%");
});

it("raceTakeaway(rows), signedClaim(rows) and generationsClaim(rows) quote the data", () => {
  expect(raceTakeaway(rows)).toContain("loses 6.7% when all of them are added in one chain, and 0.060%");
  expect(signedClaim(rows)).toContain("by a factor of 172 in one chain, and not at all with promotion");
  expect(generationsClaim(rows)).toContain("a V100 loses 1.3 · 10⁻⁴%");
});

it("errorText(error) has two significant digits and one unit", () => {
  expect([-0.07, 0.00062, 1, 0.0000999, -1.5e-7, 0].map(errorText)).toEqual([
    "−7.0%",
    "0.062%",
    "100%",
    "0.010%",
    "−1.5 · 10⁻⁵%",
    "0%",
  ]);
});

it("raceFigure(rows) has a table of the shown race, which its controls change", () => {
  const {window, document} = page({url: "https://example.org/accumulators"});
  const state = pageState(accumulatorChoices, window);
  const figure = raceFigure(rows, {state, document});
  document.body.append(figure);
  const details = figure.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  const lines = () => figure.querySelectorAll("tbody tr").length;
  expect(lines()).toBe(10 * 8);
  figure.querySelector<HTMLInputElement>("input[value=fp16]")!.click();
  expect(lines()).toBe(6 * 8);
  expect(window.location.search).toBe("?operands=fp16");
  expect(figure.querySelector("svg")!.getAttribute("aria-label")).toContain("in FP16");
});

it("widthChart(rows) draws a cell for each width and interval, and boxes around what is built", async () => {
  const chart = widthChart(widths, {data: "non-negative", document, palette: lightPalette});
  await expectDrawing(chart, "width-wide-light");
  await expectDrawing(
    widthChart(widths, {data: "signed", document, width: 340, palette: darkPalette}),
    "width-narrow-dark",
  );
});

it("widthSentence(rows) and widthClaim(rows) say how many bits one chain would need", () => {
  const shown = widths.filter(({data}) => data === "non-negative");
  const promoted = shown.find((row) => row.fraction_bits === 13 && row.promotion === 128)!;
  expect(chainWidth(shown, promoted.rms)).toBe(18);
  expect(chainWidth(shown, 0)).toBeUndefined();
  expect(widthSentence(widths, "non-negative")).toContain("One chain needs 18 bits to do as well.");
  expect(widthClaim(widths)).toContain("one bit more is worth an interval twice as long");
});

it("widthFigure(rows) shares the numbers with the race", () => {
  const {window, document} = page({url: "https://example.org/accumulators?data=signed"});
  const state = pageState(accumulatorChoices, window);
  const figure = widthFigure(widths, {state, document});
  expect(figure.querySelector("svg")!.getAttribute("aria-label")).toContain("of signed numbers");
  state.set({data: "relu"});
  expect(figure.querySelector("svg")!.getAttribute("aria-label")).toContain("after a ReLU");
});
