import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {floatingPoint, sunValues} from "../../src/laws/floating-point.js";
import {growingCost} from "../../src/laws/growing-cost.js";
import {constantsOf, inputsOf, type Law, lossAt} from "../../src/laws/law.js";
import {kumarBase, kumarOperands, precision} from "../../src/laws/precision.js";
import {riseLaw} from "../../src/laws/rises.js";
import type {Point} from "../../src/laws/variables.js";

const growing = {
  ...{A: 20, B: 300, E: 0.7, alpha: 0.4, beta: 0.5, gamma_D: 0.9, gamma_N: 0.1},
  ...{C_w: 1e-5, gamma_w: 1.1, C_a: 5e-5, gamma_a: 1.5, C_kv: 4e-5, gamma_kv: 1.2},
};

const cases: readonly [Law, Record<string, number>, string[], fc.Arbitrary<Point>][] = [
  [
    precision,
    {...kumarBase, ...kumarOperands},
    ["B", "E", "beta"],
    points(["weightBits", "activationBits", "cacheBits"], 5),
  ],
  [
    growingCost,
    growing,
    ["A", "B", "E", "alpha", "beta"],
    points(["weightBits", "activationBits", "cacheBits"], 2),
  ],
  [
    floatingPoint,
    sunValues,
    ["n", "d", "epsilon"],
    points(["exponentBits", "mantissaBits"], 0, {blockSize: 32}),
  ],
];

function points(bits: readonly string[], from: number, others: Point = {}): fc.Arbitrary<Point> {
  const widths = Object.fromEntries(bits.map((name) => [name, fc.integer({min: from, max: 12})]));
  return fc
    .record({
      parameters: fc.integer({min: 1e3, max: 1e9}),
      tokens: fc.integer({min: 1e5, max: 1e11}),
      ...widths,
    })
    .map((point) => ({...others, ...point}));
}

describe.each(cases.map(([law, ...rest]) => [law.name, law, ...rest] as const))(
  "riseLaw(%s, cancelled)",
  (_, law, values, cancelled, point) => {
    const rises = riseLaw(law, cancelled);
    const kept = Object.fromEntries(Object.entries(values).filter(([name]) => !cancelled.includes(name)));

    it("is one more than the difference to the loss without rounding, whatever cancels", () => {
      fc.assert(
        fc.property(point, (at) => {
          const {parameters, tokens} = at;
          const difference = lossAt(law, values, at) - lossAt(law, values, {parameters, tokens});
          const rise = lossAt(rises, kept, at) - 1;
          // What cancels is large in one of the two, and small in the other.
          expect(Math.abs(rise - difference)).toBeLessThan(1e-9 * (1 + lossAt(law, values, at)));
          expect(lossAt(rises, kept, {parameters, tokens})).toBe(1);
        }),
      );
    });

    it("has the exact gradient", () => {
      fc.assert(
        fc.property(point, (at) => {
          const constants = constantsOf(rises, kept);
          const inputs = inputsOf(rises, at);
          const gradient = new Float64Array(constants.length).fill(Number.NaN);
          const rise = rises.evaluate(constants, inputs, gradient);
          constants.forEach((value, i) => {
            const step = 1e-5 * Math.abs(value);
            const [above, below] = [step, -step].map((change) =>
              rises.evaluate(constants.with(i, value + change), inputs),
            );
            const error = Math.abs((above - below) / (2 * step) - gradient[i]);
            expect(error, rises.constants[i].name).toBeLessThanOrEqual(
              (1e-10 * (1 + lossAt(law, values, at) + Math.abs(rise))) / step + 1e-6 * Math.abs(gradient[i]),
            );
          });
        }),
      );
    });
  },
);
