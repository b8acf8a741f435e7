import {expect, it} from "vitest";
import {combobox} from "../../../docs/components/combobox.js";
import {page} from "./page.js";

const groups = [
  {title: "Eight bits", options: [option("e4m3fn", "OCP", ["float8_e4m3fn"]), option("e4m3fnuz", "AMD")]},
  {title: "Wide", options: [option("fp16", "IEEE 754 binary16"), option("bf16", "Google Brain")]},
];

function option(value: string, detail: string, keywords: string[] = []) {
  return {value, detail, keywords};
}

function setUp() {
  const {window, document} = page();
  const changes: string[] = [];
  const {element, update} = combobox({
    id: "format",
    label: "Format",
    value: "e4m3fn",
    groups,
    onChange: (value) => changes.push(value),
    parse(text) {
      if (!/^e\d+m\d+$/.test(text)) throw new Error(`unknown format "${text}"`);
      return option(text, "as typed");
    },
    document,
  });
  document.body.append(element);
  const input = element.querySelector("input")!;
  const type = (text: string) => {
    input.value = text;
    input.dispatchEvent(new window.Event("input"));
  };
  const press = (key: string) => input.dispatchEvent(new window.KeyboardEvent("keydown", {key}));
  const options = () =>
    [...element.querySelectorAll<HTMLElement>("[role=option]")].map((item) => item.dataset.value);
  const active = () =>
    document.getElementById(input.getAttribute("aria-activedescendant") ?? "")?.dataset.value;
  const isOpen = () => input.getAttribute("aria-expanded") === "true";
  const error = () => element.querySelector(".field-error")!.textContent!;
  return {window, element, input, update, changes, type, press, options, active, isOpen, error};
}

it("combobox(options) opens with everything in named groups, at the present value", () => {
  const {press, isOpen, options, active, element, input} = setUp();
  expect(isOpen()).toBe(false);
  press("ArrowDown");
  expect(isOpen()).toBe(true);
  expect(options()).toEqual(["e4m3fn", "e4m3fnuz", "fp16", "bf16"]);
  expect(active()).toBe("e4m3fn");
  const group = element.querySelectorAll("[role=group]")[1];
  expect(element.querySelector(`#${group.getAttribute("aria-labelledby")}`)!.textContent).toBe("Wide");
  expect(input.getAttribute("aria-controls")).toBe(element.querySelector("[role=listbox]")!.id);
});

it("combobox(options) walks around with the arrow keys, and Enter chooses", () => {
  const {press, active, changes, isOpen, input} = setUp();
  for (const key of ["ArrowDown", "ArrowUp"]) press(key);
  expect(active()).toBe("bf16");
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) press(key);
  expect(changes).toEqual(["e4m3fnuz"]);
  expect(input.value).toBe("e4m3fnuz");
  expect(isOpen()).toBe(false);
});

it("combobox(options) finds values by name, alias and description, a name that is met exactly first", () => {
  const {type, options} = setUp();
  type("brain");
  expect(options()).toEqual(["bf16"]);
  type("FLOAT8_E4M3FN");
  expect(options()).toEqual(["e4m3fn"]);
  type("e4m3fn");
  expect(options()).toEqual(["e4m3fn", "e4m3fnuz"]);
  type("16");
  expect(options()).toEqual(["fp16", "bf16"]);
});

it("combobox(options) takes a value that is not listed, and shows why a text means nothing", () => {
  const {type, options, press, changes, error, input, isOpen} = setUp();
  type("e5m6");
  expect(options()).toEqual(["e5m6"]);
  press("Enter");
  expect(changes).toEqual(["e5m6"]);
  type("quarter");
  expect(isOpen()).toBe(false);
  expect(error()).toBe('unknown format "quarter"');
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(input.getAttribute("aria-describedby")).toBe("format-error");
  press("Enter");
  expect(changes).toEqual(["e5m6"]);
  press("Escape");
  expect([input.value, error()]).toEqual(["e5m6", ""]);
});

it("combobox(options) chooses what is clicked, and gives up when it is left", () => {
  const {window, element, press, changes, type, input, isOpen} = setUp();
  press("ArrowDown");
  element.querySelector<HTMLElement>("[data-value=fp16] span")!.click();
  expect(changes).toEqual(["fp16"]);
  type("bf");
  input.dispatchEvent(new window.Event("blur"));
  expect([input.value, isOpen()]).toEqual(["fp16", false]);
});

it("update(value) shows another value and tells nobody", () => {
  const {update, input, changes} = setUp();
  update("bf16");
  expect([input.value, changes]).toEqual(["bf16", []]);
});
