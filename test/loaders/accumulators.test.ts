import {expect, it} from "vitest";
import {drawOperands, relativeErrors} from "../../loaders/accumulator-operands.js";
import {accumulatorRaceTable} from "../../loaders/accumulator-race-table.js";
import {accumulatorRacers, operandPairs} from "../../loaders/accumulator-racers.js";
import {e4m3Products, sumOf} from "../../loaders/accumulator-width-table.js";
import {tensorCoreChecks} from "../../loaders/tensor-core-checks-rows.js";
import {createKernels} from "../../src/kernels/kernels.js";
import {unitDot} from "../../src/kernels/reference/unit-gemm.js";
import {type MatrixUnit, parseUnit, resolveUnit} from "../../src/precision/units/matrix-units.js";

const length = 1024;
const kernels = await createKernels();
const address = () => kernels.allocate(4 * length);
const place = {a: address(), b: address(), rows: 1, length};

/** A row of each matrix, as the loaders draw them. */
function draw(kind: Parameters<typeof drawOperands>[2], pair: keyof typeof operandPairs) {
  drawOperands(kernels, place, kind, pair);
  return [place.a, place.b].map((at) => kernels.float32(at, length).slice());
}

it("drawOperands(…, kind, pair) draws the signs that the kind names", () => {
  const negative = (values: Float32Array) => values.filter((value) => value < 0).length;
  const [a, b] = draw("non-negative", "e4m3");
  expect([negative(a), negative(b)]).toEqual([0, 0]);
  const [x, y] = draw("relu", "e4m3");
  expect(negative(x)).toBe(0);
  expect(x.filter((value) => value === 0).length).toBeGreaterThan(length / 3);
  expect(negative(y)).toBeGreaterThan(length / 3);
  const [p, q] = draw("signed", "fp16");
  expect(negative(p)).toBeGreaterThan(length / 3);
  expect(negative(q)).toBeGreaterThan(length / 3);
});

it("sumOf(products, {fractionBits: 13}) is what an H100 returns, in one chain and promoted", () => {
  for (const kind of ["non-negative", "relu", "signed"] as const) {
    const [a, b] = draw(kind, "e4m3");
    for (const [name, promotion] of [
      ["h100-cublaslt", 128],
      ["h100-cublaslt-fast", length],
    ] as const) {
      const {arithmetic} = resolveUnit(parseUnit(name) as MatrixUnit, {a: "e4m3", b: "e4m3"});
      expect(sumOf(e4m3Products(a, b), {fractionBits: 13, promotion})).toBe(unitDot(a, b, 0, arithmetic));
    }
  }
});

it("sumOf(products, {fractionBits}) loses no more with more bits, down to the rounding of promotion", () => {
  const [a, b] = draw("non-negative", "e4m3");
  const exact = a.reduce((sum, x, i) => sum + x * b[i], 0);
  const losses = [6, 9, 12, 15, 18, 21, 24].map(
    (fractionBits) => exact - sumOf(e4m3Products(a, b), {fractionBits, promotion: length}),
  );
  for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThanOrEqual(losses[i - 1]);
  expect(losses[0] / exact).toBeGreaterThan(0.1);
  expect(losses.at(-1)).toBeLessThan(exact * 2 ** -20);
});

it("accumulatorRacers(operands) names each racer once, and lets 8-bit numbers into 16-bit units", () => {
  for (const operands of Object.keys(operandPairs) as (keyof typeof operandPairs)[]) {
    const names = accumulatorRacers(operands).map(({racer}) => racer);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["fp32", "exact"]));
  }
  expect(accumulatorRacers("e4m3").map(({racer}) => racer)).toContain("a100-mma fp16");
});

it("relativeErrors(results, exact) measures bias and spread in units of the exact results' root mean square", () => {
  const exact = Float64Array.from([3, -3, 3, -3]);
  expect(relativeErrors([4, -3, 3, -3], exact)).toEqual({bias: 1 / 12, rms: 1 / 6});
  expect(relativeErrors(exact, exact)).toEqual({bias: 0, rms: 0});
});

it("tensorCoreChecks() lists recordings of all eight GPUs, each with its instruction", () => {
  const checks = tensorCoreChecks();
  expect(new Set(checks.map(({gpu}) => gpu.split(" ")[0]))).toEqual(
    new Set(["H100", "H200", "V100", "A100", "A2", "Ada", "L40S", "B200"]),
  );
  for (const {instruction, values} of checks) {
    expect(instruction).not.toBe("");
    expect(values).toBeGreaterThan(0);
  }
});

it("accumulatorRaceTable() finds a chain of 4,096 non-negative products 7 % short, and promotion at 0.06 %", async () => {
  const rows = (await accumulatorRaceTable()).objects() as {
    data: string;
    operands: string;
    racer: string;
    k: number;
    bias: number;
    rms: number;
  }[];
  const at = (data: string, racer: string, k: number) =>
    rows.find((row) => row.data === data && row.operands === "e4m3" && row.racer === racer && row.k === k)!;
  const [chain, promoted] = ["h100-cublaslt-fast fp8", "h100-cublaslt fp8"];
  expect(at("non-negative", chain, 128).bias).toBeCloseTo(-0.0006, 3);
  expect(at("non-negative", chain, 1024).bias).toBeCloseTo(-0.015, 3);
  expect(at("non-negative", chain, 4096).bias).toBeCloseTo(-0.07, 2);
  expect(at("non-negative", promoted, 4096).bias).toBeCloseTo(-0.0006, 3);
  const growth = at("signed", chain, 4096).rms / at("signed", chain, 128).rms;
  expect(growth).toBeGreaterThan(8);
  expect(growth).toBeLessThan(14);
  expect(at("signed", "exact", 4096).rms).toBeLessThan(2 ** -24);
});
