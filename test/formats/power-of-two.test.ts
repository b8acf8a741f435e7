import {expect, test} from "vitest";
import {binaryExponent, powerOfTwo} from "../../src/formats/power-of-two.js";

test("powerOfTwo is exact over all normal doubles", () => {
  let power = 1;
  for (let exponent = 0; exponent <= 1023; exponent++, power *= 2) expect(powerOfTwo(exponent)).toBe(power);
  power = 1;
  for (let exponent = 0; exponent >= -1022; exponent--, power /= 2) expect(powerOfTwo(exponent)).toBe(power);
});

test("binaryExponent is right at every power of two and just below it", () => {
  for (let exponent = -1021; exponent <= 1023; exponent++) {
    const power = powerOfTwo(exponent);
    expect(binaryExponent(power)).toBe(exponent);
    expect(binaryExponent(-power)).toBe(exponent);
    expect(binaryExponent(power * (1 - Number.EPSILON / 2))).toBe(exponent - 1);
  }
});
