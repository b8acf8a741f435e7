import {expect, it} from "vitest";
import {choiceControl} from "../../../docs/components/choice-control.js";
import {pageState} from "../../../docs/components/page-state.js";
import {resetButton} from "../../../docs/components/reset-button.js";
import {sliderControl} from "../../../docs/components/slider-control.js";
import {page} from "./page.js";

function setUp() {
  const {window, document} = page();
  const state = pageState(
    {
      stage: {values: ["initial", "trained"], initial: "initial"},
      layer: {values: ["embedding", "block 1 qkv", "head"], initial: "head"},
    },
    window,
  );
  return {window, document, state};
}

it("choiceControl(state, name) shows the state and changes it, and two of them move together", () => {
  const {window, document, state} = setUp();
  const options = {legend: "Time", labelOf: (value: string) => value.toUpperCase(), document};
  const [one, two] = ["a", "b"].map((group) => choiceControl(state, "stage", {...options, group}));
  document.body.append(one, two);
  const checked = (control: HTMLElement) => control.querySelector<HTMLInputElement>(":checked")!.value;
  expect(one.querySelector(".choice-name")!.textContent).toBe("Time");
  expect([...one.querySelectorAll("label")].map((label) => label.textContent)).toEqual([
    "INITIAL",
    "TRAINED",
  ]);
  expect([checked(one), checked(two)]).toEqual(["initial", "initial"]);
  const trained = one.querySelector<HTMLInputElement>("[value=trained]")!;
  trained.checked = true;
  trained.dispatchEvent(new window.Event("change", {bubbles: true}));
  expect(state.get().stage).toBe("trained");
  expect(checked(two)).toBe("trained");
});

it("sliderControl(state, name) moves through the values in their order and names the present one", () => {
  const {window, document, state} = setUp();
  const control = sliderControl(state, "layer", {label: "Layer", document});
  const input = control.querySelector("input")!;
  expect([input.min, input.max, input.value]).toEqual(["0", "2", "2"]);
  input.value = "1";
  input.dispatchEvent(new window.Event("input"));
  expect(state.get().layer).toBe("block 1 qkv");
  expect(input.getAttribute("aria-valuetext")).toBe("block 1 qkv");
  expect(control.textContent).toBe("Layer block 1 qkv");
});

it("resetButton(state) brings back the initial state", () => {
  const {document, state} = setUp();
  state.set({stage: "trained", layer: "embedding"});
  resetButton(state, {document}).click();
  expect(state.get()).toEqual({stage: "initial", layer: "head"});
});
