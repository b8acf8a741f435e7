import {expect, it} from "vitest";
import {type BitField, bitView} from "../../../docs/components/bit-view.js";
import {page} from "./page.js";

const fields: BitField[] = [
  {meaning: "sign", label: "sign", bits: 1, weights: ["±"]},
  {meaning: "exponent", label: "exponent", bits: 4, weights: ["8", "4", "2", "1"]},
  {meaning: "mantissa", label: "mantissa", bits: 3},
];

function setUp(bits = "00111101") {
  const {window, document} = page();
  const changes: string[] = [];
  const view = bitView(
    {fields, bits},
    {
      label: "Bits of e4m3fn",
      onChange: (next) => {
        changes.push(next);
        view.update({fields, bits: next});
      },
      document,
    },
  );
  document.body.append(view.element);
  const cells = () => [...view.element.querySelectorAll<HTMLButtonElement>("button.bit")];
  const shown = () =>
    cells()
      .map((cell) => cell.dataset.bit)
      .join("");
  // Bits are one pixel wide here, so that a pointer's x is the index of a bit.
  document.elementFromPoint = (x) => cells()[x] ?? null;
  const point = (type: string, x: number, target: Element = cells()[x]) =>
    target.dispatchEvent(
      new window.MouseEvent(type, {clientX: x, bubbles: true, button: 0, cancelable: true}),
    );
  const press = (key: string) =>
    document.activeElement!.dispatchEvent(new window.KeyboardEvent("keydown", {key, bubbles: true}));
  return {window, document, view, cells, shown, changes, point, press};
}

it("bitView(state) has a named cell for each bit, in fields of one meaning, and says which are set", () => {
  const {view, cells} = setUp();
  expect(view.element.getAttribute("role")).toBe("toolbar");
  expect(view.element.getAttribute("aria-label")).toBe("Bits of e4m3fn");
  expect(cells().map((cell) => cell.getAttribute("aria-pressed"))).toEqual(
    Array.from("00111101", (bit) => String(bit === "1")),
  );
  expect(cells().map((cell) => cell.getAttribute("aria-label"))).toEqual([
    "sign, ±",
    "exponent bit 1 of 4, 8",
    "exponent bit 2 of 4, 4",
    "exponent bit 3 of 4, 2",
    "exponent bit 4 of 4, 1",
    "mantissa bit 1 of 3",
    "mantissa bit 2 of 3",
    "mantissa bit 3 of 3",
  ]);
  expect([...view.element.children].map((field) => field.className)).toEqual([
    "bit-field bit-sign",
    "bit-field bit-exponent",
    "bit-field bit-mantissa",
  ]);
});

it("bitView(state) toggles a bit that is pressed, once, although a click follows", () => {
  const {shown, point, changes} = setUp();
  point("pointerdown", 0);
  point("pointerup", 0);
  point("click", 0);
  expect(shown()).toBe("10111101");
  point("pointerdown", 2);
  point("pointerup", 2);
  point("click", 2);
  expect(changes).toEqual(["10111101", "10011101"]);
});

it("bitView(state) gives the bits that a drag crosses the value of the first", () => {
  const {shown, point, cells} = setUp("00111101");
  point("pointerdown", 1);
  for (const x of [2, 3, 6]) point("pointermove", x, cells()[1]);
  point("pointerup", 6);
  expect(shown()).toBe("01111111");
  point("pointermove", 0);
  expect(shown()).toBe("01111111");
});

it("bitView(state) takes back what a touch painted that became a scroll", () => {
  const {shown, point, cells} = setUp("00111101");
  point("pointerdown", 0);
  point("pointermove", 1, cells()[0]);
  expect(shown()).toBe("11111101");
  point("pointercancel", 1, cells()[0]);
  expect(shown()).toBe("00111101");
});

it("bitView(state) toggles on a click that no pointer made, as keyboards and assistive technology do", () => {
  const {shown, cells} = setUp();
  cells()[7].click();
  expect(shown()).toBe("00111100");
  cells()[7].click();
  expect(shown()).toBe("00111101");
});

it("bitView(state) is one stop of the tab key, in which the arrow keys move", () => {
  const {document, cells, press, view} = setUp();
  const stops = () => cells().flatMap((cell, i) => (cell.tabIndex === 0 ? [i] : []));
  expect(stops()).toEqual([0]);
  cells()[0].focus();
  press("ArrowRight");
  press("ArrowRight");
  expect(document.activeElement).toBe(cells()[2]);
  expect(stops()).toEqual([2]);
  press("End");
  expect(stops()).toEqual([7]);
  press("ArrowRight");
  expect(stops()).toEqual([7]);
  view.update({fields: fields.slice(0, 2), bits: "00111"});
  expect(stops()).toEqual([4]);
});

it("update(state) keeps cells and handles, so that focus and drags survive a change of format", () => {
  const {document, view, cells} = setUp();
  const handle = document.createElement("i");
  const withHandle = (exponent: number, mantissa: number) => ({
    fields: [fields[0], {...fields[1], bits: exponent, after: handle}, {...fields[2], bits: mantissa}],
    bits: "0".repeat(1 + exponent + mantissa),
  });
  view.update(withHandle(4, 3));
  const first = cells()[0];
  first.focus();
  view.update(withHandle(6, 9));
  expect(document.activeElement).toBe(first);
  expect(handle.parentElement!.className).toBe("bit-field bit-exponent");
  expect(cells()).toHaveLength(16);
  view.update({fields, bits: "00111101"});
  expect(handle.isConnected).toBe(false);
  expect(cells()).toHaveLength(8);
});

it("bitView(state) without onChange is a picture with its bits as text", () => {
  const {document} = page();
  const {element} = bitView({fields, bits: "00111101"}, {label: "0.1 in e4m3fn", document});
  expect(element.getAttribute("role")).toBe("img");
  expect(element.getAttribute("aria-label")).toBe("0.1 in e4m3fn: sign 0, exponent 0111, mantissa 101");
  expect(element.querySelector("button")).toBeNull();
});
