import {expect, it} from "vitest";
import {dragHandle} from "../../../docs/components/drag-handle.js";
import {page} from "./page.js";

function setUp() {
  const {window, document} = page();
  let value = 4;
  const handle = dragHandle({
    label: "Exponent bits",
    value: () => value,
    minimum: () => 1,
    maximum: () => 7,
    text: () => `${value} exponent bits`,
    pitch: () => 40,
    onChange: (next) => {
      value = next;
      handle.update();
    },
    document,
  });
  document.body.append(handle.element);
  const point = (type: string, clientX: number, target: EventTarget = document) =>
    target.dispatchEvent(new window.MouseEvent(type, {clientX, bubbles: true, button: 0, cancelable: true}));
  const press = (key: string) =>
    handle.element.dispatchEvent(new window.KeyboardEvent("keydown", {key, bubbles: true}));
  return {handle, point, press, value: () => value};
}

it("dragHandle(options) follows the pointer, one value for each pitch, within its limits", () => {
  const {handle, point, value} = setUp();
  point("pointerdown", 100, handle.element);
  point("pointermove", 115);
  expect(value()).toBe(4);
  point("pointermove", 121);
  expect(value()).toBe(5);
  point("pointermove", 900);
  expect(value()).toBe(7);
  point("pointermove", -900);
  expect(value()).toBe(1);
  point("pointerup", -900);
  point("pointermove", 900);
  expect(value()).toBe(1);
});

it("dragHandle(options) is a slider for the keyboard and assistive technology", () => {
  const {handle, press, value} = setUp();
  press("ArrowRight");
  expect(value()).toBe(5);
  press("ArrowLeft");
  press("ArrowLeft");
  expect(value()).toBe(3);
  press("End");
  press("ArrowRight");
  expect(value()).toBe(7);
  const names = ["role", "aria-label", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];
  expect(names.map((name) => handle.element.getAttribute(name))).toEqual([
    "slider",
    "Exponent bits",
    "1",
    "7",
    "7",
    "7 exponent bits",
  ]);
});
