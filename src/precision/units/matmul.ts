import {isStochastic} from "../../formats/rounding.js";
import type {Address, Kernels} from "../../kernels/kernels.js";
import {
  type Accumulation,
  accumulateIntegers,
  type IntegerAccumulation,
} from "../../kernels/reference/accumulate.js";
import {precisions, roundToPrecision} from "../../kernels/reference/precision.js";
import {castBytes, castConstants, writeConstants} from "../cast-constants.js";
import {orders} from "./accumulation.js";
import {type PlainUnitName, parseUnit, type ResultType, resolveUnit} from "./matrix-units.js";
import {multiplyByUnit, type Product, unitScratchBytes} from "./unit-product.js";

/** Row-major matrices: A is m×k, B is k×n, C m×n. */
export interface MatmulInput {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Values of the operand formats, exact in float32. */
  readonly a: Float32Array;
  readonly b: Float32Array;
  /** What the sums start from; zeros without it. */
  readonly c?: Float32Array;
}

export interface MatmulOptions {
  /** Formats of A and B as the unit names them, see `operandTypes`; `exact` and `fp32` need none. */
  readonly aType?: string;
  readonly bType?: string;
  readonly output?: ResultType;
  /** Interval of K after which the sum leaves the unit, where a kernel does as it likes; 0 for never. */
  readonly promotion?: number;
}

/**
 * A·B + C by a matrix unit, m×n; results narrower than float32 are given as float32.
 * @throws a usage error for an unknown unit, or operands, output or interval that it does not have
 */
export function matmul(
  kernels: Kernels,
  unit: string,
  input: MatmulInput,
  options: MatmulOptions = {},
): Float32Array {
  const parsed = parseUnit(unit);
  if (typeof parsed === "string") return plainMatmul(kernels, parsed, input, options);
  const {aType: a = "", bType: b = a, output, promotion} = options;
  const {arithmetic, epilogue} = resolveUnit(parsed, {a, b, output, promotion});
  const results = inMemory(kernels, input, (product) => {
    const scratch = kernels.allocate(unitScratchBytes(kernels, arithmetic, product));
    multiplyByUnit(kernels, arithmetic, product, scratch);
  });
  return roundAll(results, epilogue);
}

function plainMatmul(
  kernels: Kernels,
  unit: PlainUnitName,
  input: MatmulInput,
  {output = "fp32"}: MatmulOptions,
): Float32Array {
  if (unit === "fp32") {
    const results = inMemory(kernels, input, ({m, n, k, a, lda, b, ldb, c, ldc}) =>
      kernels.gemm(0, 0, m, n, k, a, lda, b, ldb, c, ldc, 1, 1),
    );
    return roundAll(results, output);
  }
  const {significantBits, lastExponent, largest} = precisions[output];
  return inMemory(kernels, input, ({m, n, k, a, lda, b, ldb, c, ldc}) =>
    kernels.exactGemm(0, 0, m, n, k, a, lda, b, ldb, c, ldc, 1, significantBits, lastExponent, largest),
  );
}

interface PlacedProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Address;
  readonly lda: number;
  readonly b: Address;
  readonly ldb: number;
  readonly c: Address;
  readonly ldc: number;
  readonly accumulate: true;
}

/** Copies the matrices into the memory of the kernels, runs, and copies C out; C starts as zeros where there is none. */
function inMemory(
  kernels: Kernels,
  {m, n, k, a, b, c}: MatmulInput,
  run: (product: PlacedProduct) => void,
): Float32Array {
  const mark = kernels.mark();
  const place = (values: Float32Array): Address => {
    const address = kernels.allocate(Math.max(4 * values.length, 4));
    kernels.float32(address, values.length).set(values);
    return address;
  };
  try {
    const [atA, atB, atC] = [place(a), place(b), place(c ?? new Float32Array(m * n))];
    run({m, n, k, a: atA, lda: k, b: atB, ldb: n, c: atC, ldc: n, accumulate: true});
    return kernels.float32(atC, m * n).slice();
  } finally {
    kernels.release(mark);
  }
}

/** Bytes that `prepareAccumulation` writes. */
export const accumulationBytes = 5 * castBytes;

/** Writes what `multiplyAndAccumulate` needs to `address`, `accumulationBytes` long. */
export function prepareAccumulation(kernels: Kernels, how: Accumulation, address: Address): void {
  const {rounding, bits, policy, accumulator, outer} = how;
  const product = how.product === "exact" ? accumulator : how.product;
  const toNearest = {rounding: "nearest-even", policy} as const;
  const casts = [
    ...[product, accumulator, outer].map((format) => castConstants(format, {rounding, bits, policy})),
    ...[accumulator, outer].map((format) => castConstants(format, toNearest)),
  ];
  casts.forEach((constants, i) => {
    writeConstants(constants, {buffer: kernels.memory.buffer, address: address + i * castBytes});
  });
}

/**
 * C = op(A)·op(B), or C += op(A)·op(B), accumulated as `how` says: what `accumulateDot` of the reference gives, bit for
 * bit. Allocates nothing; alpha is not supported.
 *
 * @param prepared what `prepareAccumulation` wrote for `how`
 */
export function multiplyAndAccumulate(
  kernels: Kernels,
  how: Accumulation,
  {transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate}: Product,
  prepared: Address,
): void {
  kernels.accumulateGemm(
    transposeA ? 1 : 0,
    transposeB ? 1 : 0,
    m,
    n,
    k,
    a,
    lda,
    b,
    ldb,
    c,
    ldc,
    accumulate ? 1 : 0,
    prepared,
    castBytes,
    how.product === "exact" ? 1 : 0,
    orders.indexOf(how.order),
    how.blockLength,
    how.compensated ? 1 : 0,
    how.promotion,
    isStochastic(how.rounding) ? 1 : 0,
    how.seed,
  );
}

/** A·B + C accumulated as `how` says. */
export function accumulate(kernels: Kernels, input: MatmulInput, how: Accumulation): Float32Array {
  return inMemory(kernels, input, (product) => {
    const prepared = kernels.allocate(accumulationBytes);
    prepareAccumulation(kernels, how, prepared);
    multiplyAndAccumulate(kernels, how, product, prepared);
  });
}

/** A·B + C in an integer register. */
export function accumulateInRegister(input: MatmulInput, how: IntegerAccumulation): Float32Array {
  return dots(input, (a, b, c) => accumulateIntegers(a, b, c, how));
}

type Dot = (a: Float32Array, b: Float32Array, c: number, element: number) => number;

function dots({m, n, k, a, b, c}: MatmulInput, dot: Dot): Float32Array {
  const results = new Float32Array(m * n);
  for (let j = 0; j < n; j++) {
    const column = Float32Array.from({length: k}, (_, p) => b[p * n + j]);
    for (let i = 0; i < m; i++) {
      const element = i * n + j;
      results[element] = dot(a.subarray(i * k, i * k + k), column, c?.[element] ?? 0, element);
    }
  }
  return results;
}

/** Results to nearest even in a narrower format. */
export const roundAll = (values: Float32Array, to: ResultType): Float32Array =>
  to === "fp32" ? values : values.map((x) => roundToPrecision(x, precisions[to]));
