import {expect, it} from "vitest";
import {driftChart} from "../../../docs/components/drift-chart.js";
import {driftClaim} from "../../../docs/components/drift-claim.js";
import {driftFigure} from "../../../docs/components/drift-figure.js";
import {opChart} from "../../../docs/components/op-chart.js";
import {approximationClaim, opClaim, widthClaim} from "../../../docs/components/op-claims.js";
import {opFigure} from "../../../docs/components/op-figure.js";
import {opWidthChart} from "../../../docs/components/op-width-chart.js";
import {opWidthFigure} from "../../../docs/components/op-width-figure.js";
import {pageState} from "../../../docs/components/page-state.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {residualChart} from "../../../docs/components/residual-chart.js";
import {residualClaim} from "../../../docs/components/residual-claim.js";
import {residualFigure} from "../../../docs/components/residual-figure.js";
import {sequenceChart} from "../../../docs/components/sequence-chart.js";
import {sequenceFigure} from "../../../docs/components/sequence-figure.js";
import {sequencePoints} from "../../../docs/components/sequence-row.js";
import {costOf, sequenceClaim} from "../../../docs/components/sequence-sentence.js";
import {unitScalingChoices} from "../../../docs/components/unit-scaling-choices.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";
import {varianceRows} from "./rows.js";
import {driftRows, opRows, residualRows, sequenceRows} from "./unit-scaling-rows.js";

const [ops, residual, drift, sequence] = [opRows(), residualRows(), driftRows(), sequenceRows()];

function setUp(url?: string) {
  const {window, document} = page({url});
  const state = pageState(unitScalingChoices(varianceRows(), {ops, drift}), window);
  const show = (figure: HTMLElement) => {
    document.body.append(figure);
    return figure;
  };
  const label = (figure: HTMLElement) => figure.querySelector("svg")!.getAttribute("aria-label")!;
  const lines = (figure: HTMLElement) => {
    const details = figure.querySelector("details")!;
    details.open = true;
    details.dispatchEvent(new window.Event("toggle"));
    return figure.querySelectorAll("tbody tr").length;
  };
  return {state, document, show, label, lines, options: {state, runs: [], document}};
}

const drawings: [string, (options: object) => SVGSVGElement][] = [
  ["ops", (options) => opChart(ops, {modelWidth: 256, ...options})],
  ["op-widths", (options) => opWidthChart(ops, {op: "product m → 4m", modelWidth: 256, ...options})],
  ["residual", (options) => residualChart(residual, options)],
  [
    "drift",
    (options) =>
      driftChart(drift, {
        ...{recipe: "fp32", tensor: "activation gradient", step: 200, format: "e5m2", layer: "head"},
        ...options,
      }),
  ],
  ["sequence", (options) => sequenceChart(sequence, {recipe: "fp8", ...options})],
];

it.each(drawings)(
  "the %s chart is drawn side by side, and stacked on a narrow screen",
  async (name, draw) => {
    const {document} = page();
    await expectDrawing(draw({document, palette: lightPalette}), `${name}-wide-light`);
    await expectDrawing(draw({document, width: 360, palette: darkPalette}), `${name}-narrow-dark`);
  },
);

it("opFigure(rows) shows the width of the slider, and has a row for each symbol", () => {
  const {state, show, label, lines, options} = setUp();
  const figure = show(opFigure(ops, options));
  expect(label(figure)).toContain("At width 256");
  expect(lines(figure)).toBe(6);
  expect(figure.querySelectorAll("svg circle, svg path[transform]")).toHaveLength(2 * 6);
  state.set({width: "2048"});
  expect(label(figure)).toContain("At width 2,048");
});

it("opWidthFigure(rows) draws the op that the address asks for", () => {
  const {show, label, lines, options} = setUp("https://example.org/unit-scaling?op=GELU");
  const figure = show(opWidthFigure(ops, options));
  expect(label(figure)).toMatch(/^GELU by width/);
  expect(lines(figure)).toBe(2 * 3);
});

it("opClaim, widthClaim and approximationClaim say what the rows hold", () => {
  expect(opClaim(ops, 256)).toMatch(
    /between 2⁻¹ and 2⁵ without constants, and between 0\.71 and 1\.40 with them/,
  );
  expect(widthClaim(ops)).toMatch(/a factor of 8 without constants, and by up to 1\.0 with them/);
  expect(approximationClaim(ops, 256)).toContain("in 1 of 6 cases: 1.25 for the output of attention,");
  const exact = ops.filter(({op}) => op !== "attention");
  expect(approximationClaim(exact, 256)).toBe("Theory and measurement agree within 10% everywhere.");
});

it("residualFigure(rows) has a row for each place of each rule, and residualClaim says who is heard", () => {
  const {show, lines, document} = setUp();
  expect(lines(show(residualFigure(residual, {document})))).toBe(4 * 9);
  expect(residualClaim(residual)).toMatch(/plain sum has a spread of 3\.0/);
  expect(residualClaim(residual)).toMatch(/τ = 0\.5 the last branch alone brings 50%/);
  expect(residualClaim(residual)).toMatch(/τ = 0\.02 the input still has 85%/);
});

it("driftFigure(rows) goes through the steps, and keeps its scale while it does", () => {
  const {state, show, label, lines, options} = setUp("https://example.org/unit-scaling?step=100");
  const figure = show(driftFigure(drift, options));
  expect(label(figure)).toContain("Standard, step 100: ");
  expect(lines(figure)).toBe(2 * 18);
  const ticks = () =>
    [...figure.querySelectorAll("svg text")].filter((text) => /^2/.test(text.textContent!)).length;
  const before = ticks();
  state.set({step: "300", tensor: "weight"});
  expect(label(figure)).toContain("Spread of weights while training. Standard, step 300: ");
  expect(ticks()).toBe(before);
});

it("driftClaim(rows) compares the last step with the first", () => {
  expect(driftClaim(drift)).toMatch(
    /Over 300 steps .* factor of 4\.0 or more, .* by 4; under unit scaling .* 4\.0 and 4\./,
  );
  expect(driftClaim([])).toBe("");
});

it("sequencePoints(rows, recipe) takes medians over the seeds, in which a run that diverged counts as the worst", () => {
  const points = sequencePoints(sequence, "fp8");
  expect(points).toHaveLength(2 * 3);
  const find = (training: string, layer: string) =>
    points.find((point) => point.training === training && point.sequence_layer === layer)!;
  expect(find("unit", "attention")).toMatchObject({reference: 1.22, median: 1.2 - 0.08 + 0.02});
  expect(find("regular", "recurrent").losses[2]).toBe(Number.POSITIVE_INFINITY);
  expect(find("regular", "recurrent").median).toBeCloseTo(1.5 + 0.6 + 0.02);
});

it("sequenceClaim(rows, recipe) and the panels say what each training costs", () => {
  const points = sequencePoints(sequence, "fp8");
  expect(costOf(points, "regular")!.worst).toBeCloseTo(0.6);
  expect(sequenceClaim(sequence, "fp8")).toMatch(
    /^In FP8, .* regular training \+0\.60, loss-scaled training \+0\.05 and unit-scaled training −0\.08 nats/,
  );
  expect(sequenceClaim([], "fp8")).toBe("");
});

it("sequenceFigure(rows) switches between precisions, and marks a run that diverged", () => {
  const {state, show, label, lines, options} = setUp();
  const figure = show(sequenceFigure(sequence, options));
  expect(label(figure)).toContain("In FP8");
  expect(lines(figure)).toBe(2 * 3 * (3 + 1));
  expect(figure.querySelector("svg")!.outerHTML).not.toMatch(/NaN|Infinity/);
  state.set({precision: "fp16"});
  expect(label(figure)).toContain("In FP16");
});
