import {expect, it} from "vitest";
import {finalLosses} from "../../../docs/components/final-losses.js";
import {gradientClaim} from "../../../docs/components/gradient-claim.js";
import {histogramClaim} from "../../../docs/components/histogram-claim.js";
import {histogramSentence} from "../../../docs/components/histogram-sentence.js";
import {learningRateSentence} from "../../../docs/components/learning-rate-sentence.js";
import {lossClaim} from "../../../docs/components/loss-claim.js";
import {lossSentence} from "../../../docs/components/loss-sentence.js";
import {shownRows} from "../../../docs/components/shown-rows.js";
import {spreadRange} from "../../../docs/components/spread-range.js";
import type {VarianceRow} from "../../../docs/components/variance-row.js";
import {varianceTakeaway} from "../../../docs/components/variance-takeaway.js";
import type {RunSettings} from "../../../src/training/run-settings.js";
import {lossRows, varianceRows} from "./rows.js";

const initial = shownRows(varianceRows(), {stage: "initial", recipe: "fp32", schemes: ["standard", "unit"]});
const losses = lossRows({steps: 40});

/** The same rows with the schemes' names exchanged: data that contradict the paper. */
const exchanged = <Row extends {scheme: string}>(rows: readonly Row[]): Row[] =>
  rows.map((row) => ({...row, scheme: row.scheme === "unit" ? "standard" : "unit"}));

it("spreadRange(rows) finds the smallest and the largest spread, and ignores tensors of zeros", () => {
  const rows = [3, 0, 0.5, 8].map((spread) => ({spread}) as VarianceRow);
  expect(spreadRange(rows)).toEqual({low: {spread: 0.5}, high: {spread: 8}});
  expect(spreadRange(rows.slice(1, 2))).toBeUndefined();
});

it("varianceTakeaway(rows) praises unit scaling only where its spreads are closer together", () => {
  expect(varianceTakeaway(initial)).toMatch(/^Standard training .* unit scaling keeps them between/);
  expect(varianceTakeaway(exchanged(initial))).toMatch(/^Unit scaling .* no closer together/);
  expect(varianceTakeaway([])).toBe("The spread of each tensor along the network.");
});

it("gradientClaim(rows, format) counts the gradient tensors that a cast damages, for either scheme", () => {
  expect(gradientClaim(initial, "e5m2")).toMatch(
    /^Of the 36 gradient tensors of the standard network, \d\d would lose more than 10% .* unit-scaled one, none\.$/,
  );
  expect(gradientClaim(exchanged(initial), "e5m2")).toMatch(/standard network, none would lose/);
});

it("histogramClaim(rows, …) says “only” only where unit scaling loses less", () => {
  const view = {layer: "block 1 qkv", tensor: "activation gradient", format: "e5m2"} as const;
  expect(histogramClaim(initial, view)).toMatch(/turns .* to zero; with unit scaling only/);
  expect(histogramClaim(exchanged(initial), view)).toMatch(/with unit scaling, no less,/);
  expect(histogramClaim(initial, {...view, layer: "nowhere"})).toBe("");
});

it("histogramSentence(row, format) names both kinds of loss, or none", () => {
  const row = {...initial[0], underflow_e5m2: 0.25, overflow_e5m2: 0.002};
  expect(histogramSentence(row, "e5m2")).toBe("25% round to zero in E5M2, 0.2% are too large for E5M2");
  expect(histogramSentence({...row, underflow_e5m2: 0, overflow_e5m2: 0}, "e5m2")).toBe(
    "every value is within the range of E5M2",
  );
});

it("finalLosses(rows) takes the last held-out loss of every run", () => {
  const final = finalLosses(losses);
  expect(final).toHaveLength(6);
  for (const {scheme, recipe, loss} of final) {
    const measured = losses.filter((row) => row.run === `${scheme}-${recipe}` && row.held_out_loss !== null);
    expect(loss).toBe(measured.at(-1)!.held_out_loss);
  }
});

it("lossSentence(rows, scheme) names the side, and calls small differences none", () => {
  const withEnd = (fp8: number, fp32: number) =>
    [fp8, fp32].map((loss, i) => ({
      ...losses[0],
      recipe: ["fp8", "fp32"][i],
      run: String(i),
      held_out_loss: loss,
    }));
  expect(lossSentence(withEnd(2.5, 2), "standard")).toBe("plain FP8 ends 0.50 nats above FP32");
  expect(lossSentence(withEnd(1.5, 2), "standard")).toBe("plain FP8 ends 0.50 nats below FP32");
  expect(lossSentence(withEnd(2.009, 2), "standard")).toBe("plain FP8 ends within 0.01 nats of FP32");
  expect(lossSentence(withEnd(Number.NaN, 2), "standard")).toBe("plain FP8 does not train");
  expect(lossSentence(losses, "another")).toBe("");
});

it("lossClaim(rows) concludes what the paper promises only if the losses show it", () => {
  expect(lossClaim(losses)).toContain("do what scale factors would have to do");
  expect(lossClaim(exchanged(losses))).toContain("no cheaper than standard training");
});

it("learningRateSentence(runs) names each scheme's rates once", () => {
  const runs = [
    {scheme: "standard", learningRate: 0.002},
    {scheme: "standard", learningRate: 0.002},
    {scheme: "unit", learningRate: 0.03},
  ].map((settings) => ({settings: settings as RunSettings}));
  expect(learningRateSentence(runs)).toBe(
    "The learning rate peaks at 0.002 (standard) and 0.03 (unit scaling).",
  );
});

it("claims that compare the schemes say nothing where one is missing", () => {
  const unit = <Row extends {scheme: string}>(rows: readonly Row[]) =>
    rows.filter(({scheme}) => scheme === "unit");
  expect(gradientClaim(unit(initial), "e5m2")).toBe("");
  expect(lossClaim(unit(losses))).toBe("");
});
