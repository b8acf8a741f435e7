import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {roundToPrecision} from "../../../src/kernels/reference/precision.js";
import {type UnitArithmetic, unitDot} from "../../../src/kernels/reference/unit-gemm.js";
import {matmul} from "../../../src/precision/units/matmul.js";
import {type MatrixUnit, parseUnit, resolveUnit} from "../../../src/precision/units/matrix-units.js";
import {operandFormat, operandValues} from "../../../src/precision/units/operands.js";
import {publishedCases} from "../../fixtures/tensor-core/load.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Share of the recorded rows of an H100 that a changed rule gets wrong. */
function wrongShare(type: "fp16" | "e4m3", unit: string, change: Partial<UnitArithmetic>): number {
  const recorded = publishedCases().find(({gpu, aType}) => gpu === "H100" && aType === type)!;
  const {k, rows, recordings} = recorded;
  const {c, result} = recordings.find(({output}) => output === "fp32")!;
  const [a, b] = [recorded.a, recorded.b].map((codes) => operandValues(codes, operandFormat(type)));
  const {arithmetic} = resolveUnit(parseUnit(unit) as MatrixUnit, {a: type, b: type});
  const changed = {...arithmetic, ...change};
  const row = (x: Float32Array, i: number) => x.subarray(i * k, i * k + k);
  const isWrong = (i: number) => unitDot(row(a, i), row(b, i), c?.[i] ?? 0, changed) !== result[i];
  return Array.from({length: rows}, (_, i) => isWrong(i)).filter(Boolean).length / rows;
}

describe("the recordings tell the models from their neighbours", () => {
  // Shares over 5,000 rows by an independent implementation; with 200 rows, within four standard errors.
  test.each<["fp16" | "e4m3", Partial<UnitArithmetic>, number]>([
    ["fp16", {}, 0],
    ["fp16", {fractionBits: 24}, 0.235],
    ["fp16", {fractionBits: 23}, 0.495],
    ["fp16", {fractionBits: 26}, 0.107],
    ["e4m3", {}, 0],
    ["e4m3", {fractionBits: 14}, 0.173],
    ["e4m3", {fractionBits: 12}, 0.393],
  ])("%s with %o changes a share of %d", (type, change, share) => {
    const wrong = wrongShare(type, "h100-wgmma", change);
    expect(Math.abs(wrong - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / 200));
  });
});

describe("what 14 bits do to a long sum of E4M3 products", () => {
  /** Standard normal numbers as E4M3, by the kernel's generator. */
  function normals(length: number, stream: number, change: (x: number) => number): Float32Array {
    const address = kernels.allocate(4 * length);
    kernels.randomNormal(address, length, 0, 1, 11, stream, 0);
    const e4m3 = {significantBits: 4, lastExponent: -9, largest: 448};
    return kernels.float32(address, length).map((x) => roundToPrecision(change(x), e4m3));
  }

  /** Of many dot products: mean of computed/exact − 1, and the RMS of the error over the RMS of the exact results. */
  function errors(unit: string, k: number, change: (x: number) => number): {bias: number; spread: number} {
    const mark = kernels.mark();
    const [m, n] = [16, 16];
    const input = {m, k, n, a: normals(m * k, k, change), b: normals(k * n, k + 1, change)};
    const [computed, exact] = [unit, "exact"].map((unit) => matmul(kernels, unit, input, {aType: "e4m3"}));
    kernels.release(mark);
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
    const wrong = Array.from(computed, (x, i) => x - exact[i]);
    return {
      bias: mean(Array.from(computed, (x, i) => x / exact[i])) - 1,
      spread: Math.sqrt(mean(wrong.map((x) => x * x)) / mean(exact.map((x) => x * x))),
    };
  }

  test("the sum of non-negative data shrinks, ever more with K, unless it is promoted every 128", () => {
    // Measured by an independent implementation: -0.06 %, -1.5 %, -7.0 %, and -0.06 % throughout with promotion.
    const bias = (unit: string, k: number) => 100 * errors(unit, k, Math.abs).bias;
    expect(bias("h100-cublaslt-fast", 128)).toBeCloseTo(-0.06, 1);
    expect(Math.abs(bias("h100-cublaslt-fast", 1024) + 1.5)).toBeLessThan(0.2);
    expect(Math.abs(bias("h100-cublaslt-fast", 4096) + 7)).toBeLessThan(0.5);
    for (const k of [128, 1024, 4096]) expect(Math.abs(bias("h100-cublaslt", k) + 0.06)).toBeLessThan(0.02);
  });

  test("signed data is not biased, but its error grows about eleven-fold from K = 128 to 4096, or not at all", () => {
    const spread = (unit: string, k: number) => errors(unit, k, (x) => x).spread;
    const growth = (unit: string) => spread(unit, 4096) / spread(unit, 128);
    expect(growth("h100-cublaslt-fast")).toBeGreaterThan(6);
    expect(growth("h100-cublaslt-fast")).toBeLessThan(18);
    expect(growth("h100-cublaslt")).toBeLessThan(1.5);
  });
});
