import {expect, it} from "vitest";
import {formatsChoices} from "../../../docs/components/formats-choices.js";
import {
  catalogueTable,
  libraryTable,
  propertyTable,
  specialsTable,
} from "../../../docs/components/formats-tables.js";
import {libraryCasts} from "../../../docs/components/library-casts.js";
import {numberLineFigure} from "../../../docs/components/number-line-figure.js";
import {pageState} from "../../../docs/components/page-state.js";
import {perFrame} from "../../../docs/components/per-frame.js";
import {selectControl} from "../../../docs/components/select-control.js";
import {textField} from "../../../docs/components/text-field.js";
import {touchFigure} from "../../../docs/components/touch-figure.js";
import {catalogue} from "../../../src/formats/catalogue.js";
import {presets} from "../../../src/formats/preset.js";
import {page} from "./page.js";

function setUp(query = "") {
  const {window, document} = page({url: `https://example.org/formats${query}`});
  const state = pageState(formatsChoices, window);
  const frame = () => new Promise((resolve) => window.requestAnimationFrame(() => resolve(undefined)));
  return {window, document, state, frame};
}

function touch(query = "") {
  const setting = setUp(query);
  const {document, state, window} = setting;
  const figure = touchFigure(state, {document});
  document.body.append(figure);
  document.elementFromPoint = () => null;
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => figure.querySelector<E>(selector)!;
  const cells = () => [...figure.querySelectorAll<HTMLButtonElement>("button.bit")];
  const bits = () =>
    cells()
      .map(({dataset}) => dataset.bit)
      .join("");
  const type = (text: string) => {
    find<HTMLInputElement>("#value").value = text;
    find("#value").dispatchEvent(new window.Event("input"));
  };
  const press = (element: HTMLElement, key: string) =>
    element.dispatchEvent(new window.KeyboardEvent("keydown", {key, bubbles: true}));
  return {...setting, figure, find, cells, bits, type, press};
}

it("touchFigure(state) shows the value that was typed, its bits, its formula and why", () => {
  const {bits, find} = touch();
  expect(bits()).toBe("00011101");
  expect(find(".formula").textContent).toContain("= 0.1015625 = 13/128");
  expect(find(".touch-sentences").textContent).toContain("nearer to 0.1015625");
  expect(find(".value-facts").textContent).toContain("1.56%, 0.2 ulp");
});

it("touchFigure(state) turns bits, types values and steps, and the address follows", async () => {
  const {window, bits, cells, type, press, find, frame} = touch();
  cells()[0].click();
  expect(window.location.search).toBe("?value=-0.1015625");
  await frame();
  expect(find<HTMLInputElement>("#value").value).toBe("-0.1015625");
  type("500");
  expect(window.location.search).toBe("?value=500");
  await frame();
  expect(bits()).toBe("01111111");
  expect(find("[aria-live]").textContent).toBe("e4m3fn: 500 becomes NaN, NaN, bits 01111111");
  type("1");
  press(find("#value"), "ArrowUp");
  expect(window.location.search).toBe("?value=1.125");
  await frame();
  find("[aria-label='Next value down']").click();
  expect(window.location.search).toBe("?value=1");
});

it("touchFigure(state) says beside the field why a text is no number, and keeps what was", async () => {
  const {type, bits, find, window} = touch();
  type("ten");
  expect(find("#value-error").textContent).toMatch(/"ten" is neither a number nor a code/);
  expect(find("#value").getAttribute("aria-invalid")).toBe("true");
  type("0xfff");
  expect(find("#value-error").textContent).toMatch(/not a code of e4m3fn/);
  expect(window.location.search).toBe("");
  expect(bits()).toBe("00011101");
});

it("touchFigure(state) makes other formats by its handles, the bias and the top codes", async () => {
  const {figure, state, press, find, frame, window} = touch();
  const handle = (label: string) => find(`[role=slider][aria-label^="${label}"]`);
  press(handle("Boundary"), "ArrowRight");
  await frame();
  expect(state.get().format).toBe("e5m2fn");
  expect(handle("Boundary").getAttribute("aria-valuetext")).toBe("5 exponent bits, 2 mantissa bits");
  press(handle("Width"), "ArrowRight");
  await frame();
  expect(state.get().format).toBe("e5m3fn");
  const [bias, specials] = [
    ...figure.querySelectorAll<HTMLInputElement>(".record-controls :is(input, select)"),
  ];
  specials.value = "ieee";
  specials.dispatchEvent(new window.Event("change"));
  await frame();
  expect(state.get().format).toBe("e5m3");
  bias.value = "9999";
  bias.dispatchEvent(new window.Event("input"));
  expect(find(".record-controls .field-error").textContent).toMatch(/bias is from/);
  expect(state.get().format).toBe("e5m3");
  bias.value = "20";
  bias.dispatchEvent(new window.Event("input"));
  expect(state.get().format).toBe("e5m3b20");
});

it("touchFigure(state) has no handles where a format has no fields to move", async () => {
  const {find, state, frame} = touch("?format=nf4&value=0x3");
  expect(find("[role=slider]")).toBeNull();
  expect(find(".record-controls").hidden).toBe(true);
  state.set({format: "fp64"});
  await frame();
  expect(find("[role=slider]")).toBeNull();
  state.set({format: "ue4m3"});
  await frame();
  expect(find("[role=slider]")).not.toBeNull();
});

it("touchFigure(state) keeps the number when the format changes, also when a code was meant", async () => {
  const {state, find, press, window} = touch("?value=0x7d");
  const input = find<HTMLInputElement>("#format");
  input.value = "bf16";
  input.dispatchEvent(new window.Event("input"));
  press(input, "Enter");
  expect(state.get()).toMatchObject({format: "bf16", value: "416"});
});

it("touchFigure(state) opens an address that asks for a code the format lacks", () => {
  const {find, bits} = touch("?format=e2m1&value=0x99");
  expect(bits()).toBe("0000");
  expect(find(".touch-sentences").textContent).toContain("0x99 is not a code of e2m1");
});

it("numberLineFigure(state) has a table that equals the chart, for strokes and for binades", async () => {
  const {window, document, state, frame} = setUp();
  const figure = numberLineFigure(state, {document});
  document.body.append(figure);
  await frame();
  const details = figure.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  const lines = () => figure.querySelectorAll("tbody tr").length;
  expect(lines()).toBe(253 + 247);
  expect(figure.querySelector("svg")!.getAttribute("aria-label")).toBe(
    "e4m3fn above: 126 positive values, 2⁻⁹ to 448 e5m2 below: 123 positive values, 2⁻¹⁶ to 57344 " +
      "67 of them are in both",
  );
  state.set({versus: "none", scale: "linear"});
  await frame();
  expect(lines()).toBe(253);
  expect(figure.querySelectorAll(".value-strokes path")).toHaveLength(253);
  state.set({versus: "fp16"});
  await frame();
  expect(lines()).toBe(18 + 40);
  expect(figure.querySelector<HTMLElement>(".choice-control")!.hidden).toBe(true);
});

it("libraryCasts(value, name) has every preset once, and tells apart what differs", () => {
  for (const [value, name] of [
    [500, "e4m3fn"],
    [Number.NaN, "e2m1"],
    [-0.1, "e3m2"],
    [Number.POSITIVE_INFINITY, "fp16"],
    [3.5, "int4"],
    [0.1, "nf4"],
    [1e-3, "binary8p3se"],
  ] as const) {
    const casts = libraryCasts(value, name);
    expect(casts.flatMap(({libraries}) => libraries).sort()).toEqual(Object.keys(presets).sort());
  }
  const resultOf = (library: string) =>
    libraryCasts(500, "e4m3fn").find(({libraries}) => (libraries as readonly string[]).includes(library))!;
  expect(resultOf("ml_dtypes").values).toEqual([Number.NaN]);
  expect(resultOf("torch").values).toEqual([448]);
  expect(resultOf("unit-scaling")).toMatchObject({values: [240], format: "e4m3b8none"});
  expect(resultOf("microxcaling")).toMatchObject({values: [Number.POSITIVE_INFINITY], bits: [null]});
});

it("libraryCasts(value, name) shows both values where the library lets chance decide", () => {
  const cast = libraryCasts(0.1, "e4m3fn").find(({libraries}) => libraries.includes("unit-scaling"))!;
  expect(cast.values).toEqual([0.09375, 0.1015625]);
  expect(cast.reason).toBe("Chance decides, so that the mean is right: 0.1015625 in 80% of all casts.");
});

it("tables follow the state, and the catalogue has every format", async () => {
  const {document, state, frame} = setUp();
  const [libraries, properties] = [libraryTable(state, {document}), propertyTable(state, {document})];
  const head = () => [...properties.querySelectorAll("thead th")].map(({textContent}) => textContent);
  expect(head()).toEqual(["Property", "e4m3fn", "e5m2"]);
  expect(properties.textContent).toContain("Largest value44857344");
  const text = libraries.textContent;
  state.set({format: "int8", value: "300", versus: "none"});
  await frame();
  expect(head()).toEqual(["Property", "int8"]);
  expect(libraries.textContent).not.toBe(text);
  const table = catalogueTable(state, {document});
  expect(table.tBodies[0].rows).toHaveLength(catalogue.length);
  const links = [...table.querySelectorAll<HTMLAnchorElement>("a")];
  links.find(({textContent}) => textContent === "e3m2")!.click();
  expect(state.get().format).toBe("e3m2");
  expect(specialsTable({document}).tBodies[0].rows).toHaveLength(6);
});

it("selectControl(state, name) shows the state and changes it", () => {
  const {window, document, state} = setUp();
  const control = selectControl(state, "rounding", {label: "Rounding", document});
  const select = control.querySelector("select")!;
  expect(control.textContent).toContain("Rounding");
  expect(select.value).toBe("nearest-even");
  select.value = "up";
  select.dispatchEvent(new window.Event("change"));
  expect(state.get().rounding).toBe("up");
  state.reset();
  expect(select.value).toBe("nearest-even");
});

it("textField(options) shows other texts, but leaves alone what is being typed", () => {
  const {window, document} = page();
  const typed: string[] = [];
  const field = textField({
    ...{id: "x", label: "X", value: "1", document},
    onInput(text) {
      if (text === "bad") throw new Error("no such thing");
      typed.push(text);
    },
  });
  const input = field.element.querySelector("input")!;
  const type = (text: string) => {
    input.value = text;
    input.dispatchEvent(new window.Event("input"));
  };
  type("1.");
  field.update("1.");
  type("bad");
  expect(field.element.querySelector(".field-error")!.textContent).toBe("no such thing");
  field.update("2");
  expect([input.value, field.element.querySelector(".field-error")!.textContent]).toEqual(["2", ""]);
  type(" ");
  input.dispatchEvent(new window.Event("blur"));
  expect([input.value, typed]).toEqual(["2", ["1."]]);
});

it("perFrame(callback) calls once for each frame", async () => {
  const {window, frame} = setUp();
  let calls = 0;
  const call = perFrame(() => calls++, window);
  for (let i = 0; i < 5; i++) call();
  expect(calls).toBe(0);
  await frame();
  expect(calls).toBe(1);
  call();
  await frame();
  expect(calls).toBe(2);
});
