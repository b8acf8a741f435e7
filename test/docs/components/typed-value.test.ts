import fc from "fast-check";
import {expect, it} from "vitest";
import {typedValue} from "../../../docs/components/typed-value.js";

const numberOf = (text: string) => {
  const typed = typedValue(text);
  return typed.kind === "number" ? typed.value : typed;
};

it.each([
  ["0.1", 0.1],
  ["−3e-5", -3e-5],
  [" 1_000 ", 1000],
  ["1/3", 1 / 3],
  ["-0", -0],
  ["2^-9", 2 ** -9],
  ["-2^(10)", -1024],
  ["0x1.8p-4", 0.09375],
  ["-0x.8p1", -1],
  ["inf", Number.POSITIVE_INFINITY],
  ["-∞", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
  ["1e999", Number.POSITIVE_INFINITY],
])("typedValue(%j) is the number %d", (text, value) => {
  expect(numberOf(text)).toBe(value);
});

it("typedValue(text) takes hexadecimal and binary digits without an exponent for a code", () => {
  expect(typedValue("0x7E")).toEqual({kind: "code", code: 0x7en});
  expect(typedValue("0b0_1111_110")).toEqual({kind: "code", code: 0x7en});
  expect(typedValue("0xffffffffffffffff")).toEqual({kind: "code", code: 2n ** 64n - 1n});
});

it("typedValue(text) rounds hexadecimal numbers and powers once, to the nearest double with ties to even", () => {
  expect(numberOf("2^-1074")).toBe(2 ** -1074);
  expect(numberOf("2^-1075")).toBe(0);
  expect(numberOf("0x1.8p-1074")).toBe(2 ** -1073);
  expect(numberOf("0x1.00000000000008p0")).toBe(1);
  expect(numberOf("0x1.000000000000081p0")).toBe(1 + 2 ** -52);
  expect(numberOf("0x1.00000000000018p0")).toBe(1 + 2 ** -51);
  expect(numberOf("0x1.fffffffffffff8p1023")).toBe(Number.POSITIVE_INFINITY);
  expect(numberOf("0x1.fffffffffffff7p1023")).toBe(Number.MAX_VALUE);
});

it("typedValue(text) reads every double as JavaScript writes it", () => {
  fc.assert(
    fc.property(fc.double(), (x) => {
      expect(numberOf(Object.is(x, -0) ? "-0" : String(x))).toBe(x);
    }),
  );
});

it.each(["", "abc", "0x", "1e", "--1", "1/2/3", "1.2.3", "0b2"])(
  "typedValue(%j) says what can be typed",
  (text) => {
    expect(() => typedValue(text)).toThrow(/neither a number nor a code: type a number such as/);
  },
);
