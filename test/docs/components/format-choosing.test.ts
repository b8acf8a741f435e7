import {expect, it} from "vitest";
import {formatChooser, formatGroups} from "../../../docs/components/format-chooser.js";
import {formatFields} from "../../../docs/components/format-fields.js";
import {canChange, changedFormat} from "../../../docs/components/format-record.js";
import {catalogue} from "../../../src/formats/catalogue.js";
import {codeBits} from "../../../src/formats/decode.js";
import type {FloatFormat} from "../../../src/formats/format.js";
import {parseFormat} from "../../../src/formats/parse.js";
import {page} from "./page.js";

const float = (name: string) => parseFormat(name) as FloatFormat;

it("formatGroups() has every format of the catalogue once", () => {
  const names = formatGroups().flatMap(({options}) => options.map(({value}) => value));
  expect([...names].sort()).toEqual(catalogue.map(({name}) => name).sort());
});

it("formatChooser(options) takes aliases and generic names, and shows the library's own message", () => {
  const {window, document} = page();
  const chosen: string[] = [];
  const {element} = formatChooser({
    ...{id: "format", label: "Format", value: "e4m3fn", document},
    others: [{value: "none", detail: "nothing"}],
    onChange: (name) => chosen.push(name),
  });
  document.body.append(element);
  const input = element.querySelector("input")!;
  const enter = (text: string) => {
    input.value = text;
    input.dispatchEvent(new window.Event("input"));
    input.dispatchEvent(new window.KeyboardEvent("keydown", {key: "Enter"}));
  };
  for (const name of ["float8_e5m2", "e5m6b20fn", "p3109_k8p3se", "none", "INT4"]) enter(name);
  expect(chosen).toEqual(["e5m2", "e5m6b20fn", "binary8p3se", "none", "int4"]);
  let message = "";
  try {
    parseFormat("e9m30");
  } catch (error) {
    message = (error as Error).message;
  }
  enter("e9m30");
  expect(element.querySelector(".field-error")!.textContent).toBe(message);
});

it("formatFields(format) covers every bit, and the weights of the bits that are set make the value", () => {
  for (const format of catalogue) {
    const fields = formatFields(format);
    expect(fields.reduce((sum, {bits}) => sum + bits, 0)).toBe(codeBits(format));
    for (const {bits, weights} of fields) if (weights) expect(weights).toHaveLength(bits);
  }
  const shape = (name: string) =>
    formatFields(parseFormat(name)).map(({meaning, bits}) => `${meaning} ${bits}`);
  expect(shape("e4m3fn")).toEqual(["sign 1", "exponent 4", "mantissa 3"]);
  expect(shape("ue4m3")).toEqual(["exponent 4", "mantissa 3"]);
  expect(shape("mxint8")).toEqual(["sign 1", "mantissa 1", "mantissa 6"]);
  expect(shape("nf4")).toEqual(["code 4"]);
  expect(formatFields(parseFormat("e4m3fn"))[1].weights).toEqual(["8", "4", "2", "1"]);
  expect(formatFields(parseFormat("mxint8")).flatMap(({weights}) => weights)).toEqual([
    "−2",
    "1",
    "½",
    "¼",
    "⅛",
    "1/16",
    "1/32",
    "1/64",
  ]);
});

it("changedFormat(format, changes) moves the boundary, keeps a usual bias usual, and finds named formats", () => {
  const change = (name: string, changes: object) => changedFormat(float(name), changes).name;
  expect(change("e4m3", {exponentBits: 5, mantissaBits: 2})).toBe("e5m2");
  expect(change("e4m3fn", {specials: "ieee"})).toBe("e4m3");
  expect(change("e4m3fn", {specials: "fnuz"})).toBe("e4m3fnuz");
  expect(change("e4m3fnuz", {bias: 11})).toBe("e4m3b11fnuz");
  expect(change("e4m3b11fnuz", {mantissaBits: 4})).toBe("e4m4b11fnuz");
  expect(change("e2m1", {specials: "fn"})).toBe("e2m1nan");
  expect(change("e4m3fn", {specials: "extended"})).toBe("binary8p4se");
  expect(change("ue4m3", {mantissaBits: 4})).toBe("ue4m4");
});

it("changedFormat(format) without changes is the same format, for every float that can be changed", () => {
  for (const format of catalogue) {
    if (format.kind !== "float" || format.name === "fp64" || format.name === "e8m0") continue;
    expect(changedFormat(format, {}).name).toBe(format.name);
  }
  expect(canChange(float("fp64"), {})).toBe(false);
  expect(canChange(float("e4m3fn"), {exponentBits: 9})).toBe(false);
  expect(() => changedFormat(float("e4m3fn"), {bias: 5000})).toThrow(/bias/);
});
