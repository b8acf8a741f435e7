import {expect, it} from "vitest";
import {lossCurves} from "../../../docs/components/loss-curves.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";
import {lossRows} from "./rows.js";

const rows = lossRows({steps: 40});
const {document} = page();

it("lossCurves(rows) draws one panel for each scheme", async () => {
  await expectDrawing(lossCurves(rows, {document, palette: lightPalette}), "loss-wide-light");
});

it("lossCurves(rows, {width}) stacks the panels on a narrow screen", async () => {
  await expectDrawing(lossCurves(rows, {document, width: 360, palette: darkPalette}), "loss-narrow-dark");
});

it("lossCurves(rows) names the floor where it is known, and draws none where it is not", () => {
  expect(lossCurves(rows, {document}).textContent).toContain("floor 1.300");
  expect(lossCurves(lossRows({steps: 40, floor: null}), {document}).textContent).not.toContain("floor");
});

it("lossCurves(rows) marks a run that ended early", () => {
  const cut = rows.filter((row) => row.run !== "standard-fp8" || row.step < 20);
  expect(lossCurves(cut, {document}).textContent).toContain("FP8, plain ✕");
  expect(lossCurves(rows, {document}).textContent).not.toContain("✕");
});

it("lossCurves(rows) draws runs whose loss stops being a number", () => {
  const broken = rows.map((row) =>
    row.run === "standard-fp8" && row.step > 20
      ? {...row, training_loss_smooth: Number.NaN, held_out_loss: Number.NaN}
      : row,
  );
  const chart = lossCurves(broken, {document});
  expect(chart.outerHTML).not.toMatch(/[MLHV,]NaN/);
  expect(chart.getAttribute("aria-label")).toContain("plain FP8 does not train");
});
