import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {unitDot} from "../../../src/kernels/reference/unit-gemm.js";
import {type MatrixUnit, parseUnit, resolveUnit} from "../../../src/precision/units/matrix-units.js";
import {operandFormat, operandValues} from "../../../src/precision/units/operands.js";
import {traceDot} from "../../../src/precision/units/trace.js";

const arithmeticOf = (unit: string, type: string) =>
  resolveUnit(parseUnit(unit) as MatrixUnit, {a: type, b: type}).arithmetic;

describe("traceDot(a, b, c, arithmetic)", () => {
  test("shows each term of a small sum: aligned, cut, what was lost", () => {
    const {groups, result} = traceDot(
      [1, 1.5, 2 ** -9],
      [256, -448, 1.75],
      0.1,
      arithmeticOf("h100-wgmma", "e4m3"),
    );
    expect(groups).toHaveLength(1);
    const [{terms, commonExponent, unit, sum}] = groups;
    expect({commonExponent, unit}).toEqual({commonExponent: 8, unit: 2 ** -5});
    expect(terms.map(({exponent}) => exponent)).toEqual([8, 8, -6, -4]);
    // 2^-9 is subnormal: it keeps the exponent -6 of its format. 0.1 is 3.2 units, of which 3 remain.
    expect(terms.map(({integer}) => integer)).toEqual([8192, -21504, 0, 3]);
    expect(terms[2].lost).toBe(1.75 * 2 ** -9);
    expect(sum).toBe(-13309);
    expect(result).toBe(-13309 / 32);
  });

  test("ends where the plain reference ends, whatever the unit and the codes", () => {
    const unit = fc.constantFrom(
      ["v100-mma", "fp16"],
      ["a100-mma", "tf32"],
      ["ada-mma", "e5m2"],
      ["h100-wgmma", "e4m3"],
      ["h100-mma", "e5m2"],
      ["h100-cublaslt", "e4m3"],
      ["b200-mma", "bf16"],
    );
    const codes = fc.array(fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)), {maxLength: 150});
    fc.assert(
      fc.property(unit, codes, fc.float({noDefaultInfinity: true, noNaN: true}), ([name, type], pairs, c) => {
        const format = operandFormat(type);
        const limit = format.name === "tf32" ? 2 ** 32 : type.startsWith("e") ? 256 : 65536;
        const [a, b] = [0, 1].map((i) =>
          operandValues(
            pairs.map((pair) => pair[i] % limit),
            format,
          ),
        );
        const arithmetic = arithmeticOf(name, type);
        expect(traceDot(a, b, c, arithmetic).result).toBe(unitDot(a, b, c, arithmetic));
      }),
      {numRuns: 300},
    );
  });
});
