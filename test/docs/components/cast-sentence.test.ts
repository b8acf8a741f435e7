import {expect, it} from "vitest";
import {castSentence} from "../../../docs/components/cast-sentence.js";
import {castView, textForFormat, textOfBits} from "../../../docs/components/cast-view.js";
import {bitsOf} from "../../../docs/components/code-bits.js";
import {codeSentence} from "../../../docs/components/code-sentence.js";
import {formatsTakeaway} from "../../../docs/components/formats-takeaway.js";
import {shownCast} from "../../../docs/components/shown-cast.js";
import {valueFormula} from "../../../docs/components/value-formula.js";
import {catalogue} from "../../../src/formats/catalogue.js";
import {codeBits} from "../../../src/formats/decode.js";
import {parseFormat} from "../../../src/formats/parse.js";

const chosen = (format: string, value: string, rounding = "nearest-even", policy = "default") => ({
  format,
  value,
  rounding,
  policy,
});
const view = (...choices: Parameters<typeof chosen>) => castView(chosen(...choices));
const sentence = (...choices: Parameters<typeof chosen>) => castSentence(view(...choices));

it("castView(choices) has the value, its code, and the values around what was typed", () => {
  expect(view("e4m3fn", "0.1")).toMatchObject({
    typed: 0.1,
    value: 0.1015625,
    bits: "00011101",
    hasCode: true,
    below: 0.09375,
    above: 0.1015625,
  });
  expect(view("e4m3fn", "0.1", "zero")).toMatchObject({value: 0.09375, bits: "00011100"});
  expect(view("e4m3fn", "500")).toMatchObject({value: Number.NaN, below: 448, above: null});
  expect(view("e4m3fn", "500", "nearest-even", "ocp-saturate")).toMatchObject({value: 448, bits: "01111110"});
  expect(view("e5m2", "1e9").value).toBe(Number.POSITIVE_INFINITY);
  expect(view("fp64", "0.1")).toMatchObject({value: 0.1, below: 0.1, above: 0.1});
});

it("castView(choices) takes a code for itself, and says so where the format lacks it", () => {
  expect(view("e4m3fn", "0x7d")).toMatchObject({value: 416, bits: "01111101"});
  expect(view("e4m3fn", "0b1111_1111")).toMatchObject({value: Number.NaN, bits: "11111111"});
  expect(() => view("e2m1", "0x10")).toThrow("0x10 is not a code of e2m1: codes go from 0x0 to 0xf");
  expect(shownCast(chosen("e2m1", "0x10"))).toMatchObject({
    view: {value: 0},
    error: expect.stringMatching("not a code"),
  });
});

it("castView(choices) shows the nearest code where a policy leaves a value that has none", () => {
  const {value, bits, hasCode} = view("e2m1", "100", "nearest-even", "microxcaling");
  expect([value, bits, hasCode]).toEqual([Number.POSITIVE_INFINITY, "0111", false]);
});

it("textOfBits(bits) is a text that gives back every code of every format of up to 8 bits", () => {
  for (const format of catalogue) {
    if (codeBits(format) > 8) continue;
    for (let code = 0; code < 2 ** codeBits(format); code++) {
      const bits = bitsOf(code, codeBits(format));
      const choices = chosen(format.name, "0");
      expect(view(format.name, textOfBits(bits, choices)).bits, `${format.name} ${code}`).toBe(bits);
    }
  }
});

it("textOfBits(bits) is the value where that is enough, and the code where it is not", () => {
  const text = (format: string, bits: string, policy?: string) =>
    textOfBits(bits, chosen(format, "0", "nearest-even", policy));
  expect(text("e4m3fn", "00011101")).toBe("0.1015625");
  expect(text("e4m3fn", "10000000")).toBe("-0");
  expect(text("e4m3fn", "01111111")).toBe("nan");
  expect(text("e4m3fn", "11111111")).toBe("0xff");
  expect(text("e5m2", "01111100")).toBe("inf");
  expect(text("e5m2", "01111100", "ocp-saturate")).toBe("0x7c");
});

it("textForFormat(choices) turns a code into its number before another format takes over", () => {
  expect(textForFormat(chosen("e4m3fn", "0x7d"))).toBe("416");
  expect(textForFormat(chosen("e4m3fn", "0xff"))).toBe("nan");
  expect(textForFormat(chosen("e4m3fn", "1/3"))).toBe("1/3");
});

it("castSentence(view) says what happened and why", () => {
  expect(sentence("e4m3fn", "0.1")).toBe("0.1 lies between 0.09375 and 0.1015625, nearer to 0.1015625.");
  expect(sentence("e4m3fn", "0.1", "down")).toBe(
    "0.1 lies between 0.09375 and 0.1015625; rounding down takes 0.09375.",
  );
  expect(sentence("e2m1", "2.5")).toBe(
    "2.5 lies between 2 and 3, exactly half-way, and ties go to the even code: to 2.",
  );
  expect(sentence("e4m3fn", "0.5")).toBe("0.5 is a value of e4m3fn: nothing is lost.");
  expect(sentence("e4m3fn", "0.0001")).toBe(
    "0.0001 lies between 0 and 0.001953125, nearer to zero: it underflows.",
  );
  expect(sentence("e4m3fn", "460")).toBe(
    "460 lies beyond 448, the last value of e4m3fn, and is still rounded back to it.",
  );
  expect(sentence("e4m3fn", "500")).toBe(
    "500 rounds beyond 448, the last value of e4m3fn; the default policy makes that NaN.",
  );
  expect(sentence("e4m3fn", "500", "nearest-even", "torch")).toBe(
    "500 lies beyond 448, the last value of e4m3fn, and becomes that.",
  );
  expect(sentence("e2m1", "nan", "nearest-even", "ocp")).toBe(
    "e2m1 has no NaN, and the policy ocp makes it 6.",
  );
  expect(sentence("e4m3fn", "-inf")).toBe("e4m3fn has no infinity, and the default policy makes it NaN.");
  expect(sentence("e4m3fnuz", "-0")).toBe("e4m3fnuz has no −0: the sign of zero is lost.");
  expect(sentence("e8m0", "0")).toBe("e8m0 has no zero, and the default policy makes it NaN.");
  expect(sentence("ue4m3", "-1")).toMatch(
    /^ue4m3 has no negative values, and the default policy makes them /,
  );
  expect(sentence("int8", "300", "nearest-even", "ml_dtypes")).toBe(
    "300 rounds beyond 127, the last value of int8; the policy ml_dtypes makes that 44.",
  );
  expect(sentence("e2m1", "100", "nearest-even", "microxcaling")).toBe(
    "The policy microxcaling leaves ∞, for which e2m1 has no code: it computes in float32.",
  );
});

it("codeSentence(format, bits) says what a code is by the meaning of the top codes", () => {
  const of = (name: string, bits: string) => codeSentence(parseFormat(name), bits);
  expect(of("e4m3fn", "00011101")).toMatch(/^Normal: .* 3 − 7 = −4/);
  expect(of("e4m3fn", "00000101")).toMatch(/^Subnormal: .* stays at −6/);
  expect(of("e4m3fn", "10000000")).toMatch(/^Zero: .* a second zero, −0/);
  expect(of("e4m3fn", "11111111")).toMatch(/^Not a number: all ones after the sign/);
  expect(of("e5m2", "01111100")).toMatch(/^Infinity: the exponent field is all ones/);
  expect(of("e4m3fnuz", "10000000")).toMatch(/would be −0/);
  expect(of("binary8p3se", "01111111")).toMatch(/^Infinity: the code that follows/);
  expect(of("e8m0", "11111111")).toMatch(/^Not a number: all ones is/);
  expect(of("int8", "10000001")).toMatch(/^Two’s complement/);
  expect(of("nf4", "0100")).toMatch(/^Entry 4 of a table of 16/);
});

it("valueFormula(format, bits) leads from the fields to the exact value", () => {
  const lines = (name: string, bits: string) =>
    valueFormula(parseFormat(name), bits).map((line) =>
      line
        .map(({text}) => text)
        .join("")
        .trim(),
    );
  expect(lines("e4m3fn", "00011101")).toEqual([
    "+ 23 − 7 × 1.1012",
    "= + 2−4 × 1.625",
    "= 0.1015625 = 13/128",
  ]);
  expect(lines("e4m3fn", "10000101")).toEqual([
    "− 21 − 7 × 0.1012",
    "= − 2−6 × 0.625",
    "= −0.009765625 = −5/512",
  ]);
  expect(lines("int4", "1011")).toEqual(["−8 + 2 + 1 = −5"]);
  expect(lines("e8m0", "10000010")).toEqual(["2130 − 127", "= 23", "= 8"]);
  expect(lines("e5m2", "11111100")).toEqual(["−∞"]);
});

it("valueFormula(format, bits) gives each field its colour", () => {
  const [line] = valueFormula(parseFormat("e4m3fn"), "00011101");
  expect(line.flatMap(({text, meaning}) => (meaning ? [`${meaning}: ${text}`] : []))).toEqual([
    "sign: +",
    "exponent: 2",
    "exponent: 3 − 7",
    "mantissa: 1.101",
    "mantissa: 2",
  ]);
});

it("formatsTakeaway() computes what it says", () => {
  expect(formatsTakeaway()).toBe(
    "0.1 is not among the numbers of E4M3, the usual 8-bit format. Its neighbours are 0.09375 and 0.1015625; " +
      "it becomes 0.1015625, 1.6% off.",
  );
});
