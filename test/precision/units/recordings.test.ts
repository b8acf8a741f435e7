import {describe, expect, test} from "vitest";
import {unitDot} from "../../../src/kernels/reference/unit-gemm.js";
import {type MatrixUnit, parseUnit, resolveUnit} from "../../../src/precision/units/matrix-units.js";
import {operandFormat, operandValues} from "../../../src/precision/units/operands.js";
import {matrixCases, publishedCases} from "../../fixtures/tensor-core/load.js";
import {roundOnce} from "./support.js";

describe("the models reproduce bit for bit, by the readable reference,", () => {
  test.each(publishedCases())("what was published for the $name", (recorded) => {
    const {aType, bType, rows, k} = recorded;
    const a = operandValues(recorded.a, operandFormat(aType));
    const b = operandValues(recorded.b, operandFormat(bType));
    for (const {unit, output, c, result} of recorded.recordings) {
      const {arithmetic} = resolveUnit(parseUnit(unit) as MatrixUnit, {a: aType, b: bType, output});
      const row = (x: Float32Array, i: number) => x.subarray(i * k, i * k + k);
      const computed = Array.from({length: rows}, (_, i) =>
        unitDot(row(a, i), row(b, i), c?.[i] ?? 0, arithmetic),
      );
      expect(computed, `${unit}, ${output}`).toEqual([...result]);
    }
  });

  test.each(matrixCases("h200-wide"))("a corner of what an H200 made of $name", (recorded) => {
    const {aType, bType, m, k, n} = recorded;
    const a = operandValues(recorded.a, operandFormat(aType));
    const b = operandValues(recorded.b, operandFormat(bType));
    const row = (i: number) => a.subarray(i * k, i * k + k);
    const column = (j: number) => Float32Array.from({length: k}, (_, p) => b[p * n + j]);
    for (const {unit, output, promotion, c, result} of recorded.recordings) {
      const query = {a: aType, b: bType, output, promotion};
      const {arithmetic, epilogue} = resolveUnit(parseUnit(unit) as MatrixUnit, query);
      const computed = Array.from({length: m * n}, (_, i) =>
        roundOnce(unitDot(row(Math.floor(i / n)), column(i % n), c?.[i] ?? 0, arithmetic), epilogue),
      );
      expect(computed, `${unit}, ${output}`).toEqual([...result]);
    }
  });
});
