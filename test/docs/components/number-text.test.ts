import fc from "fast-check";
import {expect, it} from "vitest";
import {binaryFraction, exactDecimal} from "../../../docs/components/exact-decimal.js";
import {fractionText, numberText, roundedText} from "../../../docs/components/number-text.js";

const finite = fc.double({noNaN: true, noDefaultInfinity: true});

it("exactDecimal(x) has all digits of a double", () => {
  expect(exactDecimal(0.1)).toBe("0.1000000000000000055511151231257827021181583404541015625");
  expect(exactDecimal(-0.1015625)).toBe("−0.1015625");
  expect(exactDecimal(448)).toBe("448");
  expect(exactDecimal(2 ** 100)).toBe("1267650600228229401496703205376");
  expect(exactDecimal(-0)).toBe("−0");
  fc.assert(
    fc.property(finite, (x) => {
      expect(Number(exactDecimal(x).replace("−", "-"))).toBe(x);
    }),
  );
});

it("binaryFraction(x) is x, with an odd integer", () => {
  fc.assert(
    fc.property(finite, (x) => {
      const {integer, exponent} = binaryFraction(x);
      // In two steps, since 2^-1074 · 2^53 has no power in between that is a double.
      const half = Math.trunc(exponent / 2);
      expect(Number(integer) * 2 ** half * 2 ** (exponent - half)).toBe(x === 0 ? 0 : x);
      if (x !== 0) expect(integer % 2n).not.toBe(0n);
    }),
  );
});

it("numberText(x) writes short numbers in full and says of others that they are rounded", () => {
  expect([0.1015625, -448, 65504, 0.000244140625].map(numberText)).toEqual([
    "0.1015625",
    "−448",
    "65504",
    "0.000244140625",
  ]);
  expect(numberText(2 ** -24)).toBe("≈ 5.96046 · 10⁻⁸");
  expect(numberText(2 ** 127)).toBe("≈ 1.70141 · 10³⁸");
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(numberText)).toEqual([
    "NaN",
    "∞",
    "−∞",
  ]);
});

it("roundedText(x, digits) keeps significant digits without trailing zeros", () => {
  expect(roundedText(0.015625, 3)).toBe("0.0156");
  expect(roundedText(-1.5, 3)).toBe("−1.5");
  expect(roundedText(1e-7, 3)).toBe("1 · 10⁻⁷");
  expect(roundedText(123456, 3)).toBe("123456");
});

it("fractionText(x) is a fraction of powers of two where that is short", () => {
  expect([0.1015625, -0.5, 2 ** -24, 3 * 2 ** -20, 2 ** 127, 3 * 2 ** 62].map(fractionText)).toEqual([
    "13/128",
    "−1/2",
    "2⁻²⁴",
    "3 · 2⁻²⁰",
    "2¹²⁷",
    "3 · 2⁶²",
  ]);
  expect([448, 0, 0.1].map(fractionText)).toEqual([null, null, null]);
});
