import {expect, it} from "vitest";
import {carryClaim} from "../../../docs/components/carry-claim.js";
import {noiseChart} from "../../../docs/components/noise-chart.js";
import {goodSpreads, noiseClaim} from "../../../docs/components/noise-claim.js";
import {noiseFigure} from "../../../docs/components/noise-figure.js";
import {decibels, type NoiseRow} from "../../../docs/components/noise-row.js";
import {pageState} from "../../../docs/components/page-state.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {roundingChoices} from "../../../docs/components/rounding-choices.js";
import {stochasticClaim} from "../../../docs/components/stochastic-claim.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

/** Curves like those of the data: a plateau between two slopes, and lower by 3 dB at random. */
function noiseRows(): NoiseRow[] {
  const plateaus = {fp16: [-14, 14, 74], e4m3fn: [-6, 7, 31.5], e5m2: [-14, 14, 25.5]} as const;
  return Object.entries(plateaus).flatMap(([format, [first, last, best]]) =>
    [0, 3].flatMap((loss) =>
      Array.from({length: 101}, (_, i): NoiseRow => {
        const log2_spread = -30 + i / 2;
        const below = Math.max(first - log2_spread, log2_spread - last, 0);
        const level = loss > 0 ? best - loss - 6 * below : Math.max(0, best - 6 * below);
        const rounding = loss > 0 ? "stochastic" : "nearest-even";
        return {format, rounding, log2_spread, ratio: 10 ** (level / 10)};
      }),
    ),
  );
}

const rows = noiseRows();
const nearest = rows.filter(({rounding}) => rounding === "nearest-even");

it("noiseChart(rows) draws a curve for every format, the chosen ones strongly", async () => {
  const {document} = page();
  const options = {palette: lightPalette, document};
  await expectDrawing(noiseChart(rows, {...options, formats: ["e4m3fn"]}), "noise-wide-light");
  await expectDrawing(
    noiseChart(rows, {...options, width: 340, rounding: "stochastic"}),
    "noise-narrow-light",
  );
});

it("noiseClaim(rows) says what the formats give at unit spread, and where they are good", () => {
  expect(noiseClaim(nearest, ["e4m3fn"])).toBe(
    "E4M3 has 31.5 dB at unit spread, and stays within 3 dB of its best from 2⁻⁶ to 2⁷.",
  );
  expect(goodSpreads(nearest.filter(({format}) => format === "fp16"))).toEqual({first: -14.5, last: 14.5});
  expect(noiseClaim(nearest, [])).toBe("No format is chosen.");
});

it("stochasticClaim(rows, format) states the cost at unit spread, and where the error outgrows the numbers", () => {
  expect(stochasticClaim(rows, "e4m3fn")).toContain("costs E4M3 3.0 dB at unit spread");
  expect(stochasticClaim(rows, "e4m3fn")).toContain("At a spread of 2⁻¹¹ and below the error is larger");
  const loud = rows.map((row) => ({...row, ratio: Math.max(row.ratio, 1)}));
  expect(stochasticClaim(loud, "e4m3fn")).not.toContain("larger than the numbers");
});

it("carryClaim(rows) compares the cast that never carries with the one to nearest", () => {
  const cut = {format: "e5m2", rounding: "without-carry", log2_spread: 0, ratio: 281.5};
  expect(carryClaim([...rows, cut])).toBe("costs 1.0 dB to E5M2, whose ratio is 282 there");
  expect(carryClaim(rows)).toBe("makes no difference that can be seen");
});

it("noiseFigure(rows) has a table of the chosen formats, and keeps the choice in the address", () => {
  const {window, document} = page();
  const state = pageState(roundingChoices(rows), window);
  const figure = noiseFigure(rows, {state, document});
  document.body.append(figure);
  const box = (value: string) => figure.querySelector<HTMLInputElement>(`[type=checkbox][value=${value}]`)!;
  expect([box("fp16").checked, box("e4m3fn").checked]).toEqual([true, true]);
  for (const format of ["fp16", "e5m2"]) box(format).checked = false;
  box("fp16").dispatchEvent(new window.Event("change", {bubbles: true}));
  expect(state.get().formats).toBe("e4m3fn");
  const details = figure.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  const lines = [...figure.querySelectorAll("tbody tr")].map((line) =>
    [...line.children].map((cell) => cell.textContent),
  );
  expect(new Set(lines.map(([format]) => format))).toEqual(new Set(["e4m3fn"]));
  const atUnit = nearest.find(({format, log2_spread}) => format === "e4m3fn" && log2_spread === 0)!;
  expect(lines.find(([, , spread]) => spread === "0")!.at(-1)).toBe(decibels(atUnit).toFixed(1));
  box("e4m3fn").checked = false;
  box("e4m3fn").dispatchEvent(new window.Event("change", {bubbles: true}));
  expect(state.get().formats).toBe("none");
});
