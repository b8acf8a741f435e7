import {expect, it} from "vitest";
import {accumulatorChoices} from "../../../docs/components/accumulator-choices.js";
import {pageState} from "../../../docs/components/page-state.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {registerChart} from "../../../docs/components/register-chart.js";
import {registerFigure} from "../../../docs/components/register-figure.js";
import {registerSentence} from "../../../docs/components/register-sentence.js";
import {registerSums, registerWidths} from "../../../docs/components/register-sums.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

const {document} = page();

it.each(registerWidths)(
  "registerSums(%s) wraps modulo a power of two, and never saturates beyond it",
  (width) => {
    const bits = Number(width);
    const [range, half] = [2 ** bits, 2 ** (bits - 1)];
    let exact = 0;
    let saturated = 0;
    for (const {a, b, ...row} of registerSums(bits)) {
      exact += a * b;
      saturated = Math.max(-half, Math.min(half - 1, saturated + a * b));
      expect(row.exact).toBe(exact);
      expect(Math.abs((row.wrap - exact) % range)).toBe(0);
      expect(row.wrap).toBeGreaterThanOrEqual(-half);
      expect(row.wrap).toBeLessThan(half);
      expect(row.saturate).toBe(saturated);
    }
  },
);

it("registerSums(16) leaves the register and comes back: wrapping forgives, saturating does not", () => {
  const last = registerSums(16).at(-1)!;
  expect(last.wrap).toBe(last.exact);
  expect(last.saturate).not.toBe(last.exact);
  expect(registerSentence(registerSums(16), 16)).toMatch(
    /wraps has it again, the one that saturates has −20,350/,
  );
  expect(registerSentence(registerSums(14), 14)).not.toContain("again");
  expect(registerSentence(registerSums(18), 18)).toContain("both registers are exact");
});

it("registerChart(rows, {bits}) draws three sums and what the register holds", async () => {
  const chart = registerChart(registerSums(16), {bits: 16, document, palette: lightPalette});
  await expectDrawing(chart, "register-wide-light");
});

it("registerFigure() has a slider for the width, and a table of every sum", () => {
  const {window, document} = page({url: "https://example.org/accumulators?bits=14"});
  const figure = registerFigure({state: pageState(accumulatorChoices, window), document});
  document.body.append(figure);
  const label = () => figure.querySelector("svg")!.getAttribute("aria-label");
  expect(label()).toContain("14 bits hold −8,192 to 8,191");
  const slider = figure.querySelector<HTMLInputElement>("input[type=range]")!;
  slider.value = "4";
  slider.dispatchEvent(new window.Event("input"));
  expect(label()).toContain("18 bits hold");
  const details = figure.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  expect(figure.querySelectorAll("tbody tr")).toHaveLength(64);
});
