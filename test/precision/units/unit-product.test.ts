import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {type UnitArithmetic, unitGemm} from "../../../src/kernels/reference/unit-gemm.js";
import {
  type MatrixUnit,
  matrixUnits,
  parseUnit,
  resolveUnit,
} from "../../../src/precision/units/matrix-units.js";
import {operandFormat, operandValues} from "../../../src/precision/units/operands.js";
import {multiplyByUnit, type Product, unitScratchBytes} from "../../../src/precision/units/unit-product.js";
import {runOnArrays} from "../../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Every unit with every pair of operands and every output that it has. */
const choices = matrixUnits.flatMap((unit) =>
  unit.paths.flatMap((path) =>
    path.operands.flatMap(([a, b]) =>
      (["fp32", "fp16"] as const)
        .filter((output) => path.outputs[output])
        .map((output) => ({name: `${unit.name} ${a}×${b} to ${output}`, unit, a, b, output})),
    ),
  ),
);

type Shape = Pick<Product, "transposeA" | "transposeB" | "m" | "n" | "k" | "accumulate" | "alpha"> & {
  gap: number;
};

/** The product by the kernel and by the reference, both with what lies between the rows. */
function products(
  arithmetic: UnitArithmetic,
  shape: Shape,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
) {
  const {transposeA, transposeB, m, n, k, accumulate, alpha, gap} = shape;
  const [lda, ldb, ldc] = [(transposeA ? m : k) + gap, (transposeB ? k : n) + gap, n + gap];
  const byKernel = c.slice();
  const byReference = c.slice();
  const scratch = new Uint32Array(Math.ceil(unitScratchBytes(kernels, arithmetic, shape) / 4));
  runOnArrays(kernels, [a, b, byKernel, scratch], (a, b, c, scratch) =>
    multiplyByUnit(
      kernels,
      arithmetic,
      {transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, alpha, accumulate},
      scratch,
    ),
  );
  unitGemm(
    {m, n, k},
    {data: a, stride: lda, transposed: transposeA},
    {data: b, stride: ldb, transposed: transposeB},
    {data: byReference, stride: ldc},
    arithmetic,
    {alpha, accumulate},
  );
  return {byKernel, byReference};
}

/** Pseudorandom codes of a format: of all its codes, or of those of moderate magnitude, or with many zeros. */
function operands(
  type: string,
  length: number,
  spread: "all" | "middle" | "finite",
  seed: number,
): Float32Array {
  const format = operandFormat(type);
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  const codes = type === "tf32" ? 2 ** 32 : type.startsWith("e") ? 256 : 65536;
  const values = operandValues(
    Array.from({length}, () => Math.floor(next() * codes)),
    format,
  );
  if (spread === "all") return values;
  return values.map((x) => {
    if (!Number.isFinite(x) || next() < 0.1) return 0;
    if (spread === "finite") return x;
    // As many significant bits as the format has, within a few binades of one.
    const bits = new Uint32Array(Float32Array.of(x).buffer);
    const isSubnormal = Math.abs(x) < 2 ** -6;
    bits[0] = (bits[0] & 0x807fffff) | ((122 + Math.floor(next() * 8)) << 23);
    return isSubnormal ? 0 : new Float32Array(bits.buffer)[0];
  });
}

const wideFloat = fc.oneof(
  fc.float({noNaN: true}),
  fc.float({min: -1000, max: 1000, noNaN: true}),
  fc.constantFrom(
    0,
    -0,
    2 ** -149,
    -(2 ** -126),
    2 ** -90,
    2 ** -91,
    2 ** 100,
    2 ** 101,
    Number.NaN,
    65519,
    65520,
    1e-7,
  ),
);

describe("multiplyByUnit(…)", () => {
  test.each(choices)(
    "equals the reference in any shape and for any values: $name",
    ({unit, a, b, output}) => {
      const {arithmetic} = resolveUnit(unit, {a, b, output});
      const property = fc.property(
        fc.record({
          m: fc.integer({min: 1, max: 9}),
          n: fc.integer({min: 1, max: 20}),
          k: fc.integer({min: 0, max: 70}),
          transposeA: fc.boolean(),
          transposeB: fc.boolean(),
          sum: fc.constantFrom({accumulate: true, alpha: 1}, {accumulate: false, alpha: 0.3}),
          gap: fc.constantFrom(0, 3),
        }),
        fc.constantFrom("all", "finite", "middle"),
        fc.nat(1e9),
        fc.array(wideFloat, {minLength: 8, maxLength: 8}),
        ({sum, ...rest}, spread, seed, addends) => {
          const shape = {...rest, ...sum};
          const {transposeA, transposeB, m, n, k, gap} = shape;
          const x = operands(a, (transposeA ? k : m) * ((transposeA ? m : k) + gap), spread, seed);
          const y = operands(b, (transposeB ? n : k) * ((transposeB ? k : n) + gap), spread, seed + 1);
          const c = Float32Array.from(
            {length: m * (n + gap)},
            (_, i) => addends[(i * 5 + (i >> 3)) % addends.length],
          );
          const {byKernel, byReference} = products(arithmetic, shape, x, y, c);
          expect([...byKernel]).toEqual([...byReference]);
        },
      );
      fc.assert(property, {numRuns: 12});
    },
  );

  test.each([
    ["h100-wgmma", "e4m3"],
    ["h100-cublaslt", "e4m3"],
    ["h100-mma", "e5m2"],
    ["a100-mma", "bf16"],
  ])("gives the same rows and columns whatever the others are: %s, %s", (name, type) => {
    const {arithmetic} = resolveUnit(parseUnit(name) as MatrixUnit, {a: type, b: type});
    const [m, n, k] = [23, 37, 150];
    const [a, b] = [operands(type, m * k, "middle", 7), operands(type, k * n, "middle", 8)];
    const shape = {m, n, k, gap: 0, accumulate: false, alpha: 1};
    const whole = products(arithmetic, shape, a, b, new Float32Array(m * n)).byKernel;
    for (const [row, column] of [
      [1, 1],
      [6, 20],
      [22, 36],
    ]) {
      const part = Float32Array.from({length: k * (n - column)}, (_, i) => {
        const width = n - column;
        return b[Math.floor(i / width) * n + column + (i % width)];
      });
      const rest = products(
        arithmetic,
        {...shape, m: m - row, n: n - column},
        a.subarray(row * k),
        part,
        new Float32Array((m - row) * (n - column)),
      ).byKernel;
      const expected = Array.from({length: rest.length}, (_, i) => {
        const width = n - column;
        return whole[(row + Math.floor(i / width)) * n + column + (i % width)];
      });
      expect([...rest]).toEqual(expected);
    }
  });
});
