import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {neighbours, nextAbove, nextBelow} from "../../../docs/components/neighbours.js";
import {roundingModes, usesAllBits} from "../../../docs/components/rounding-modes.js";
import {roundingRows} from "../../../docs/components/rounding-rows.js";
import {roundingSentence} from "../../../docs/components/rounding-sentence.js";
import {castValue} from "../../../src/formats/cast.js";
import {valueTable} from "../../../src/formats/decode.js";
import {parseFormat} from "../../../src/formats/parse.js";
import {presets} from "../../../src/formats/preset.js";
import {roundings} from "../../../src/formats/rounding.js";

const format = parseFormat("e4m3fn");
const row = (x: number, mode: string, bits = 4) =>
  roundingRows(x, format, bits).find((candidate) => candidate.mode === mode)!;

const valuesOf = (name: string) =>
  [...new Set([...valueTable(parseFormat(name))].filter(Number.isFinite).map((value) => value + 0))].sort(
    (a, b) => a - b,
  );

describe.each(["e4m3fn", "e5m2", "e2m1", "e3m4", "nf4", "dynamic8", "int8", "mxint8", "ue4m3"])(
  "in %s",
  (name) => {
    const target = parseFormat(name);
    const values = valuesOf(name);

    it("nextAbove(value) and nextBelow(value) walk through all values", () => {
      for (const [i, value] of values.entries()) {
        expect(nextAbove(value, target)).toBe(values[i + 1] ?? value);
        expect(nextBelow(value, target)).toBe(values[i - 1] ?? value);
      }
    });

    it("neighbours(x) are the values around any x inside the range", () => {
      const [lowest, largest] = [values[0], values[values.length - 1]];
      fc.assert(
        fc.property(fc.float({min: Math.fround(lowest), max: Math.fround(largest), noNaN: true}), (x) => {
          fc.pre(Math.abs(x) > 1e-12 && x >= lowest && x <= largest);
          const {lower, upper, isExact, share} = neighbours(x, target);
          expect(lower).toBeLessThan(upper);
          expect(lower <= x && x <= upper).toBe(true);
          expect(values.indexOf(upper) - values.indexOf(lower)).toBe(1);
          expect(isExact).toBe(values.includes(x + 0));
          expect(share >= 0 && share <= 1).toBe(true);
        }),
      );
    });
  },
);

it("neighbours(x) beyond the largest value are that value and the next one of a longer format", () => {
  expect(neighbours(470, format)).toMatchObject({lower: 448, upper: 480, beyond: "largest"});
  expect(neighbours(-1e6, format)).toMatchObject({lower: -480, upper: -448, beyond: "lowest"});
  expect(neighbours(448, format)).toMatchObject({lower: 416, upper: 448, isExact: true, share: 1});
});

it("neighbours(x) knows ties, also between subnormals and among negative numbers", () => {
  expect(neighbours(1.0625, format)).toMatchObject({lower: 1, upper: 1.125, isTie: true, share: 0.5});
  expect(neighbours(-(2 ** -10), format)).toMatchObject({lower: -(2 ** -9), upper: 0, isTie: true});
  expect(neighbours(1.06, format).isTie).toBe(false);
});

it("roundingModes are all modes of the library", () => {
  expect(roundingModes.map(({mode}) => mode).sort()).toEqual(Object.keys(roundings).sort());
});

it("roundingRows(x) sends a tie to the neighbour that each mode prefers, and says why", () => {
  expect(row(1.0625, "nearest-even")).toMatchObject({
    result: 1,
    isTie: true,
    reason: "a tie: its last bit is 0",
  });
  expect(row(1.0625, "nearest-odd")).toMatchObject({result: 1.125, isTie: true});
  expect(row(-1.0625, "nearest-away")).toMatchObject({result: -1.125, reason: "a tie: farther from 0"});
  expect(row(-1.0625, "nearest-zero").result).toBe(-1);
  expect(row(-1.0625, "up").result).toBe(-1);
  expect(row(-1.0625, "down").result).toBe(-1.125);
  expect(row(1.06, "nearest-even")).toMatchObject({result: 1, isTie: false, reason: "the nearer one"});
});

it("roundingRows(x) counts the draws that go away from zero, as going through all of them does", () => {
  fc.assert(
    fc.property(fc.double({min: -500, max: 500, noNaN: true}), fc.constantFrom(1, 2, 4, 8), (x, bits) => {
      for (const {mode, draws, result, other, probability} of roundingRows(x, format, bits)) {
        if (usesAllBits(mode) || !mode.startsWith("stochastic")) continue;
        const all = Array.from({length: 2 ** bits}, (_, r) =>
          castValue(x, format, {
            rounding: mode,
            policy: presets.default.policy,
            bits,
            random: r * 2 ** (32 - bits),
          }),
        );
        const others = all.filter((value) => !Object.is(value, result));
        expect(others.length).toBe(draws?.other ?? 0);
        if (draws) expect(others.every((value) => Object.is(value, other))).toBe(true);
        expect(probability).toBe(others.length / all.length);
      }
    }),
    {numRuns: 60},
  );
});

it("roundingRows(x) shows how the forms differ with few bits", () => {
  const forms = ["a", "b", "c"].map((form) => row(1.1, `stochastic-${form}`).draws);
  expect(forms).toEqual([
    {other: 12, all: 16},
    {other: 13, all: 16},
    {other: 13, all: 16},
  ]);
  expect(row(1.1, "stochastic").probability).toBeCloseTo(0.8, 8);
  expect(row(1.1, "stochastic-equal").probability).toBe(0.5);
});

it("roundingRows(x) keeps values of the format in every mode", () => {
  for (const {result, other, reason} of roundingRows(-0.875, format, 4)) {
    expect({result, other, reason}).toEqual({
      result: -0.875,
      other: null,
      reason: "it is a value of the format",
    });
  }
});

it("roundingRows(x) says what is too large becomes", () => {
  expect(row(470, "nearest-even")).toMatchObject({result: Number.NaN, reason: "too large: becomes NaN"});
  expect(row(470, "zero")).toMatchObject({result: 448, reason: "the largest value"});
  expect(row(1e6, "zero")).toMatchObject({result: 448, reason: "the largest value"});
  expect(row(-1e6, "down").result).toBeNaN();
});

it("roundingSentence(x) says where the number lies and what every mode makes of it", () => {
  expect(roundingSentence(1.1, format, 4)).toContain(
    "1.1 lies 80% of the way from 1 to 1.125, its neighbours in e4m3fn. To the nearest: ties to even 1.125,",
  );
  expect(roundingSentence(1.1, format, 4)).toContain("form A 1.125 in 75% of cases, else 1");
  expect(roundingSentence(1.0625, format, 4)).toContain("halfway");
  expect(roundingSentence(2, format, 4)).toBe("2 is a value of e4m3fn, so that every mode keeps it.");
  expect(roundingSentence(1000, format, 4)).toContain("beyond the largest value");
});

it("roundingSentence(x) writes neighbours with as many digits as tell them apart", () => {
  expect(roundingSentence(0.1, parseFormat("fp32"), 4)).toContain(
    "from ≈ 0.099999994 to ≈ 0.100000001, its neighbours in fp32",
  );
});
