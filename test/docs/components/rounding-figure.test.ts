import {expect, it} from "vitest";
import {pageState} from "../../../docs/components/page-state.js";
import {darkPalette, lightPalette} from "../../../docs/components/palette.js";
import {roundingChart} from "../../../docs/components/rounding-chart.js";
import {roundingChoices} from "../../../docs/components/rounding-choices.js";
import {roundingFigure} from "../../../docs/components/rounding-figure.js";
import {roundingModes} from "../../../docs/components/rounding-modes.js";
import {parseFormat} from "../../../src/formats/parse.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

const format = parseFormat("e4m3fn");

function setUp(url?: string) {
  const {window, document} = page({url});
  const state = pageState(roundingChoices([]), window);
  const figure = roundingFigure({state, document});
  document.body.append(figure);
  const field = figure.querySelector<HTMLInputElement>("#rounding-value")!;
  const slider = figure.querySelector<HTMLInputElement>("[type=range]")!;
  const press = (key: string) =>
    slider.dispatchEvent(new window.KeyboardEvent("keydown", {key, cancelable: true, bubbles: true}));
  const type = (text: string) => {
    field.value = text;
    field.dispatchEvent(new window.Event("input"));
  };
  const example = (name: string) =>
    [...figure.querySelectorAll("button")].find(({textContent}) => textContent === name)!.click();
  return {window, state, figure, field, slider, press, type, example};
}

it("roundingChart(x) draws an arrow for every mode, and two where chance decides", async () => {
  const {document} = page();
  const wide = {format, bits: 4, palette: lightPalette, document};
  await expectDrawing(roundingChart(1.1, wide), "rounding-wide-light");
  const narrow = {format, bits: 2, width: 340, palette: darkPalette, document};
  await expectDrawing(roundingChart(-1.0625, narrow), "rounding-narrow-dark");
});

it("roundingChart(x) gives both chances also where one of them is that of overflow", () => {
  const {document} = page();
  const shares = (x: number) =>
    [...roundingChart(x, {format, bits: 4, document}).querySelectorAll("text")]
      .map(({textContent}) => textContent)
      .filter((text) => text === "75%" || text === "25%");
  expect(shares(456).sort()).toEqual(shares(-456).sort());
  expect(shares(456)).toHaveLength(2 * 5);
});

it("roundingFigure shows the typed number, and says what cannot be shown", () => {
  const {state, figure, slider, type} = setUp();
  const label = () => figure.querySelector("svg")!.getAttribute("aria-label")!;
  expect(label()).toContain("1.1 lies 80% of the way");
  type("-3e-3");
  expect(state.get().value).toBe("-0.003");
  expect(label()).toContain("−0.003");
  expect(slider.getAttribute("aria-valuetext")).toContain("−0.003");
  type("nan");
  expect(figure.querySelector("#rounding-value-error")!.textContent).toContain("not finite");
  expect(state.get().value).toBe("-0.003");
  type("0x38");
  expect(state.get().value).toBe("1");
});

it("roundingFigure walks by arrow keys through one gap into the next, and by pages from value to value", () => {
  const {state, press} = setUp("https://example.org/rounding?value=1.123046875");
  press("ArrowRight");
  expect(state.get().value).toBe("1.125");
  press("ArrowRight");
  expect(Number(state.get().value)).toBe(1.125 + 0.125 / 64);
  press("PageUp");
  expect(state.get().value).toBe("1.25");
  press("ArrowLeft");
  expect(Number(state.get().value)).toBe(1.25 - 0.125 / 64);
  press("PageDown");
  expect(state.get().value).toBe("1.125");
  press("PageDown");
  expect(state.get().value).toBe("1");
});

it("roundingFigure follows the slider, but not onto the next value, where the next gap begins", () => {
  const {window, state, slider} = setUp();
  for (const [step, value] of [
    ["32", 1.0625],
    ["0", 1],
    ["64", 1 + (0.125 * 63) / 64],
  ] as const) {
    slider.value = step;
    slider.dispatchEvent(new window.Event("input", {bubbles: true}));
    expect(Number(state.get().value)).toBe(value);
  }
});

it("roundingFigure has examples: a tie, the other sign, a subnormal, one that is too large", () => {
  const {state, figure, example} = setUp();
  const label = () => figure.querySelector("svg")!.getAttribute("aria-label")!;
  example("a tie");
  expect(state.get().value).toBe("1.0625");
  example("the other sign");
  expect(state.get().value).toBe("-1.0625");
  expect(label()).toContain("halfway from −1.125 to −1");
  example("a subnormal");
  expect(Number(state.get().value)).toBe(-1.375 * 2 ** -9);
  example("too large");
  expect(label()).toContain("beyond the lowest value");
});

it("roundingFigure has a table with one line for each mode", () => {
  const {window, figure} = setUp();
  const details = figure.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  const modes = [...figure.querySelectorAll("tbody tr td:first-child")].map(({textContent}) => textContent);
  expect(modes).toEqual(roundingModes.map(({mode}) => mode));
});

it("roundingChoices ignore formats and numbers that cannot be shown", () => {
  const {state} = setUp("https://example.org/rounding?format=fp64&value=nan&seed=-1&formats=fp99&bits=3");
  expect(state.get()).toMatchObject({format: "e4m3fn", value: "1.1", seed: "1", bits: "4"});
  state.set({format: "e9m99"});
  expect(state.get().format).toBe("e4m3fn");
  state.set({format: "e3m0"});
  expect(state.get().format).toBe("e3m0");
});
