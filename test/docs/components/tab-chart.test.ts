import {expect, it} from "vitest";
import {lightPalette} from "../../../docs/components/palette.js";
import {tabChart} from "../../../docs/components/tab-chart.js";
import {lossCurve} from "../../../docs/components/tab-run.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

const {document} = page();
const recorded = lossCurve(Array.from({length: 40}, (_, i) => 1.5 + 1.5 / (1 + i)));
const live = [5, 10, 15].map((step) => recorded[step - 1]);

it("tabChart(recorded, {live}) draws the run in the tab over the recorded one", async () => {
  await expectDrawing(tabChart(recorded, {live, document, palette: lightPalette}), "tab-light");
});

it("tabChart(recorded, {live}) names only the recorded run before one is started", () => {
  const names = (points: typeof live) =>
    tabChart(recorded, {live: points, document}).textContent!.match(/recorded|this tab/g);
  expect(names([])).toEqual(["recorded"]);
  expect(names(live)).toEqual(["recorded", "this tab"]);
});
