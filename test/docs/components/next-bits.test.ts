import {expect, it} from "vitest";
import {bitsOf, decodeBits, encodeBits, hexCode, isValueOf} from "../../../docs/components/code-bits.js";
import {codeClass} from "../../../docs/components/code-class.js";
import {nextBits} from "../../../docs/components/next-bits.js";
import {spacingAt} from "../../../docs/components/spacing-at.js";
import {catalogue} from "../../../src/formats/catalogue.js";
import {codeBits, valueTable} from "../../../src/formats/decode.js";
import {parseFormat} from "../../../src/formats/parse.js";

const small = catalogue.filter((format) => codeBits(format) <= 8);

it("encodeBits(format, value) gives back the bits of every value of every format of up to 8 bits", () => {
  for (const format of small) {
    for (const [code, value] of valueTable(format).entries()) {
      const bits = bitsOf(code, codeBits(format));
      expect(decodeBits(format, bits)).toBe(value);
      if (!Number.isNaN(value)) expect(encodeBits(format, value), `${format.name} ${value}`).toBe(bits);
      expect(isValueOf(format, value)).toBe(true);
    }
  }
});

it("encodeBits(fp64, value) has all 64 bits", () => {
  const fp64 = parseFormat("fp64");
  expect(hexCode(encodeBits(fp64, 0.1))).toBe("0x3fb999999999999a");
  for (const x of [0.1, -0, Number.MIN_VALUE, -Number.MAX_VALUE, Number.POSITIVE_INFINITY]) {
    expect(decodeBits(fp64, encodeBits(fp64, x))).toBe(x);
  }
});

it("nextBits(format, bits, direction) walks through every value in order, the two zeros as one", () => {
  for (const format of small) {
    const values = [...new Set([...valueTable(format)].filter((x) => !Number.isNaN(x)).map((x) => x + 0))];
    values.sort((a, b) => a - b);
    const walk = (from: number, direction: 1 | -1) => {
      const seen = [from];
      for (let bits = encodeBits(format, from); ; ) {
        const next = nextBits(format, bits, direction);
        if (next === bits) return seen;
        bits = next;
        seen.push(decodeBits(format, bits) + 0);
      }
    };
    expect(walk(values[0], 1), format.name).toEqual(values);
    expect(walk(values.at(-1)!, -1), format.name).toEqual([...values].reverse());
  }
});

it("nextBits(format, bits, direction) goes on from −0 and stays at NaN", () => {
  const format = parseFormat("e4m3fn");
  expect(decodeBits(format, nextBits(format, "10000000", 1))).toBe(2 ** -9);
  expect(nextBits(format, "01111111", 1)).toBe("01111111");
  expect(nextBits(format, "01111110", 1)).toBe("01111110");
});

it("nextBits(fp64, bits, direction) steps by one unit in the last place", () => {
  const fp64 = parseFormat("fp64");
  expect(decodeBits(fp64, nextBits(fp64, encodeBits(fp64, 1), 1))).toBe(1 + 2 ** -52);
  expect(decodeBits(fp64, nextBits(fp64, encodeBits(fp64, 0), -1))).toBe(-Number.MIN_VALUE);
});

it("spacingAt(format, bits) is the distance to the next value away from zero, or at the end to the one before", () => {
  const spacing = (name: string, value: number) =>
    spacingAt(parseFormat(name), encodeBits(parseFormat(name), value));
  expect(spacing("e4m3fn", 0.1015625)).toBe(2 ** -7);
  expect(spacing("e4m3fn", 448)).toBe(32);
  expect(spacing("e4m3fn", -1)).toBe(1 / 8);
  expect(spacing("e4m3fn", 0)).toBe(2 ** -9);
  expect(spacing("int8", -128)).toBe(1);
  expect(spacing("e5m2", Number.POSITIVE_INFINITY)).toBeNull();
});

it("codeClass(format, bits) tells zero, subnormal, normal, infinity and NaN apart", () => {
  const count = (name: string) => {
    const format = parseFormat(name);
    const classes = Array.from({length: 2 ** codeBits(format)}, (_, code) =>
      codeClass(format, bitsOf(code, codeBits(format))),
    );
    return Object.fromEntries(
      [...new Set(classes)].sort().map((kind) => [kind, classes.filter((k) => k === kind).length]),
    );
  };
  expect(count("e4m3fn")).toEqual({NaN: 2, normal: 238, subnormal: 14, zero: 2});
  expect(count("e5m2")).toEqual({NaN: 6, infinity: 2, normal: 240, subnormal: 6, zero: 2});
  expect(count("e4m3fnuz")).toEqual({NaN: 1, normal: 240, subnormal: 14, zero: 1});
  expect(count("e8m0")).toEqual({NaN: 1, normal: 255});
  expect(count("int4")).toEqual({integer: 15, zero: 1});
  expect(count("nf4")).toEqual({"table entry": 15, zero: 1});
});
