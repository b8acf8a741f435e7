import fc from "fast-check";
import {expect, it} from "vitest";
import {bytesOf, bytesText, countOf, countText, parseBytes, parseCountOf} from "../../src/laws/quantity.js";

it.each([
  ["7e9", 7e9],
  ["7B", 7e9],
  ["1.5 T", 1.5e12],
  ["30m", 3e7],
  ["1_000_000", 1e6],
  ["1,000,000", 1e6],
  ["2e21", 2e21],
  ["3Z", 3e21],
  [".5k", 500],
])("countOf(%j) is %d", (text, value) => {
  expect(countOf(text)).toBeCloseTo(value, -Math.log10(value) + 9);
});

it.each([
  ["8GiB", 8 * 2 ** 30],
  ["80 GB", 80e9],
  ["16e9", 16e9],
  ["512 MiB", 2 ** 29],
  ["100b", 100],
])("bytesOf(%j) is %d", (text, value) => {
  expect(bytesOf(text)).toBe(value);
});

it.each(["", "x", "7 X", "-3", "1e", "1.2.3", "GiB", "NaN", "Infinity", "0x10"])(
  "countOf(%j) is no number",
  (text) => {
    expect(countOf(text)).toBeNaN();
    expect(bytesOf(text)).toBeNaN();
  },
);

it("countText(x) reads back as x, to three digits", () => {
  fc.assert(
    fc.property(fc.double({min: -2, max: 30, noNaN: true}), (exponent) => {
      const value = 10 ** exponent;
      expect(Math.abs(countOf(countText(value)) / value - 1)).toBeLessThanOrEqual(0.00501);
    }),
  );
  expect([7e9, 1.5e12, 999_600, 1e15, 0.83].map((value) => countText(value))).toEqual([
    ...["7B", "1.5T", "1M", "1e15", "0.83"],
  ]);
});

it("bytesText(x) is in powers of a thousand", () => {
  expect([999, 148e9, 2 ** 30].map((bytes) => bytesText(bytes))).toEqual(["999 B", "148 GB", "1.07 GB"]);
});

it("parseCountOf() and parseBytes() name the option", () => {
  expect(() => parseCountOf("--tokens", "0")).toThrow("--tokens 0: expected a positive number such as 7e9");
  expect(() => parseBytes("--memory", "8 XB")).toThrow("--memory 8 XB: expected a size such as 8GiB");
});
