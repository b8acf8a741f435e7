import type {Address, Kernels} from "../../kernels/kernels.js";
import type {UnitArithmetic, UnitOutput} from "../../kernels/reference/unit-gemm.js";

/** A product op(A)·op(B): m×k times k×n, row-major float32 at addresses, row strides in elements as stored. */
export interface Product {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Address;
  readonly lda: number;
  readonly b: Address;
  readonly ldb: number;
  readonly c: Address;
  readonly ldc: number;
  /** Multiplies the finished results; 1 with `accumulate`. */
  readonly alpha?: number;
  /** Whether the sums start from the stored C. */
  readonly accumulate?: boolean;
}

const outputRules: Readonly<Record<UnitOutput, number>> = {fp32: 0, "fp32-14": 1, fp16: 2};

/** What stands for no floor: below all exponents. */
const noFloor = -1000;

/** Whether float32 suffices for the exact sums of a group: see `narrowUnitGemm`. */
const isNarrow = ({fractionBits, groupSize, minimumExponentA, minimumExponentB}: UnitArithmetic): boolean =>
  fractionBits <= 16 && groupSize <= 32 && Math.min(minimumExponentA, minimumExponentB) >= -14;

/** Bytes that `multiplyByUnit` needs at `scratch` for a product of this size. */
export function unitScratchBytes(
  kernels: Kernels,
  arithmetic: UnitArithmetic,
  {m, n, k}: {readonly m: number; readonly n: number; readonly k: number},
): number {
  const size = isNarrow(arithmetic) ? kernels.narrowUnitScratch : kernels.wideUnitScratch;
  return size(m, n, k, arithmetic.groupSize, +arithmetic.interleaved);
}

/**
 * C = alpha·op(A)·op(B), or C += op(A)·op(B), by a matrix unit: what `unitGemm` of the reference gives, bit for bit.
 * Operands are numbers of the formats that `arithmetic` is for. Allocates nothing.
 *
 * @param scratch as many bytes as `unitScratchBytes` says
 */
export function multiplyByUnit(
  kernels: Kernels,
  arithmetic: UnitArithmetic,
  {transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, alpha = 1, accumulate}: Product,
  scratch: Address,
): void {
  const multiply = isNarrow(arithmetic) ? kernels.narrowUnitGemm : kernels.wideUnitGemm;
  multiply(
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
    alpha,
    accumulate ? 1 : 0,
    arithmetic.groupSize,
    arithmetic.fractionBits,
    outputRules[arithmetic.output],
    Math.max(arithmetic.alignmentFloor, noFloor),
    arithmetic.minimumExponentA,
    arithmetic.minimumExponentB,
    arithmetic.productBits,
    arithmetic.promotion,
    arithmetic.interleaved ? 1 : 0,
    scratch,
  );
}
