import fc from "fast-check";
import {expect, it} from "vitest";
import {accumulatorChoices} from "../../../docs/components/accumulator-choices.js";
import {pageState} from "../../../docs/components/page-state.js";
import {drawnSum, parseSum, sumExamples, sumText} from "../../../docs/components/sum-example.js";
import {sumFigure} from "../../../docs/components/sum-figure.js";
import {sumGrid} from "../../../docs/components/sum-grid.js";
import {sumSteps} from "../../../docs/components/sum-steps.js";
import {sumTrace} from "../../../docs/components/sum-trace.js";
import {sumUnits} from "../../../docs/components/sum-units.js";
import {page} from "./page.js";

const [late, fromZero, cancellation] = Object.values(sumExamples);
const fast = sumUnits[0].arithmetic;
const {document} = page();

it("parseSum(text) reads an addend and products, rounded to what they can be", () => {
  expect(parseSum("3000_0.75*1.5_-2*.5")).toEqual({
    addend: 3000,
    products: [
      [0.75, 1.5],
      [-2, 0.5],
    ],
  });
  expect(parseSum("0.1_0.3*1000")).toEqual({addend: 26214 * 2 ** -18, products: [[0.3125, 448]]});
});

it.each([
  ["", "nothing"],
  ["3000", "no product"],
  ["1_2*3*4", "three factors"],
  ["1_2", "one factor"],
  ["x_2*3", "a word"],
  ["1_nan*3", "no number"],
  ["2000000_1*1", "an addend beyond what is drawn"],
  [`0${"_1*1".repeat(9)}`, "nine products"],
])("parseSum(%j) is undefined: %s", (text) => {
  expect(parseSum(text)).toBeUndefined();
});

it("sumText(sum) is what parseSum(text) reads", () => {
  for (const text of Object.values(sumExamples)) expect(sumText(parseSum(text)!)).toBe(text);
  for (let seed = 1; seed <= 50; seed++) {
    const sum = drawnSum(3000, seed);
    expect(parseSum(sumText(sum))).toEqual(sum);
  }
});

it("sumTrace(sum, unit) ends on what an H100 loses of a late sum, and nothing of one from zero in FP16 units", () => {
  const {result, exact} = sumTrace(parseSum(late)!, fast);
  expect(exact).toBe(3006.5234375);
  expect(result).toBe(3005.75);
  for (const {racer, arithmetic} of sumUnits.filter(({racer}) => racer.endsWith("fp16"))) {
    const trace = sumTrace(parseSum(fromZero)!, arithmetic);
    expect(trace.result, racer).toBe(trace.exact);
  }
});

it("sumTrace(sum, unit) lets large products push out the others though they cancel", () => {
  const {groups, exact} = sumTrace(parseSum(cancellation)!, fast);
  expect(groups[0].result).toBe(0);
  expect(exact).toBeGreaterThan(0);
});

it("sumTrace(sum, unit) accounts for every loss: the result, what was cut and what was shortened give the exact sum", () => {
  const factor = fc.integer({min: -448, max: 448}).map((x) => x / 8);
  const product = fc.tuple(factor, factor).map(([a, b]) => `${a}*${b}`);
  const text = fc
    .tuple(fc.integer({min: -4096, max: 4096}), fc.array(product, {minLength: 1, maxLength: 8}))
    .map(([addend, products]) => [addend, ...products].join("_"));
  fc.assert(
    fc.property(text, fc.constantFrom(...sumUnits), (text, {arithmetic}) => {
      const {groups, result, exact} = sumTrace(parseSum(text)!, arithmetic);
      const lost = groups.flatMap(({terms, lost, before, result, total}) => [
        ...terms.map((term) => term.lost),
        lost,
        total === undefined ? 0 : before! + result - total,
      ]);
      expect(lost.reduce((sum, loss) => sum + loss, result)).toBe(exact);
    }),
  );
});

it("sumSteps(trace, unit) walks through every phase of each group, and out of the unit where there is a way out", () => {
  const phases = (racer: string) => {
    const {arithmetic} = sumUnits.find((unit) => unit.racer === racer)!;
    return sumSteps(sumTrace(parseSum(late)!, arithmetic), arithmetic).map(
      ({group, phase}) => `${group} ${phase}`,
    );
  };
  const five = ["multiply", "align", "cut", "add", "round"];
  const of = (group: number, extra: string[] = []) => [...five, ...extra].map((phase) => `${group} ${phase}`);
  expect(phases("h100-cublaslt-fast fp8")).toEqual([...of(0), ...of(1)]);
  expect(phases("h100-cublaslt fp8")).toEqual([...of(0), ...of(1, ["promote"])]);
  expect(phases("b200-mma fp8")).toEqual([...of(0), ...of(1, ["promote"]), ...of(2), ...of(3, ["promote"])]);
});

it("sumSteps(trace, unit) says what is cut in numbers", () => {
  const steps = sumSteps(sumTrace(parseSum(late)!, fast), fast);
  expect(steps[1].sentence).toContain("13 further bits are kept, down to 2⁻² = 0.25");
  expect(steps[2].sentence).toContain("4 of 5 terms lose bits, together 0.3359375");
});

it("sumGrid(group) marks the bits right of the last kept one, and shows the product in full", () => {
  const {groups} = sumTrace(parseSum(late)!, fast);
  const grid = sumGrid(groups[0], fast, {document});
  const [addend, first] = grid.querySelectorAll(".sum-row[data-kind]");
  expect(addend.querySelector(".sum-name")!.textContent).toBe("running sum");
  expect(addend.querySelectorAll("[data-cut]")).toHaveLength(0);
  // 0.8125 · 1.375 = 1.0001111 in binary, of which 2^-2 is the last kept bit.
  const bits = [...first.querySelectorAll(".sum-bit")];
  expect(bits.map((bit) => bit.textContent).join("")).toBe("10001111");
  expect(bits.map((bit) => bit.hasAttribute("data-cut"))).toEqual([
    ...Array(3).fill(false),
    ...Array(5).fill(true),
  ]);
});

function setUp(search = "") {
  const {window, document} = page({url: `https://example.org/accumulators${search}`});
  const state = pageState(accumulatorChoices, window);
  const figure = sumFigure({state, document});
  document.body.append(figure);
  const phase = () => figure.querySelector<HTMLElement>(".sum-grid")!.dataset.phase;
  const button = (text: string) =>
    [...figure.querySelectorAll("button")].find((button) => button.textContent!.includes(text))!;
  return {window, figure, state, phase, button};
}

it("sumFigure() opens where bits are cut, and steps back and forth within its ends", () => {
  const {window, figure, phase, button} = setUp();
  expect(phase()).toBe("cut");
  button("Next").click();
  expect(phase()).toBe("add");
  expect(window.location.search).toBe("?step=4");
  for (let i = 0; i < 5; i++) button("Back").click();
  expect(phase()).toBe("multiply");
  expect(button("Back").disabled).toBe(true);
  const slider = figure.querySelector<HTMLInputElement>("input[type=range]")!;
  slider.value = slider.max;
  slider.dispatchEvent(new window.Event("input"));
  expect(phase()).toBe("round");
  expect(button("Next").disabled).toBe(true);
  expect(slider.getAttribute("aria-valuetext")).toBe("10 of 10: Group 2 of 2, Shorten");
});

it("sumFigure() keeps the grid while a group lasts, so that its bits can move", () => {
  const {figure, button} = setUp("?step=1");
  const grid = figure.querySelector(".sum-grid");
  button("Next").click();
  expect(figure.querySelector(".sum-grid")).toBe(grid);
  for (let i = 0; i < 4; i++) button("Next").click();
  expect(figure.querySelector(".sum-grid")).not.toBe(grid);
});

it("sumFigure() takes the sum from its fields, and says what is wrong with one", () => {
  const {window, figure, state} = setUp();
  const [addend, first] = figure.querySelectorAll<HTMLInputElement>(".sum-inputs input");
  const change = (input: HTMLInputElement, value: string) => {
    input.value = value;
    input.dispatchEvent(new window.Event("change"));
  };
  change(addend, "100");
  expect(state.get().sum).toMatch(/^100_0\.8125\*1\.375_/);
  change(first, "0.3");
  expect(first.value).toBe("0.3125");
  change(first, "many");
  expect(figure.querySelector(".sum-inputs [role=alert]")!.textContent).toContain("Two numbers");
  expect(state.get().sum).toContain("100_0.3125*1.375");
});

it("sumFigure() shows the last step where an address asks for one beyond it", () => {
  expect(setUp("?step=99").phase()).toBe("round");
  expect(setUp("?step=0").phase()).toBe("cut");
});
