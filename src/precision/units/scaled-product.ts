import type {Address, Kernels} from "../../kernels/kernels.js";
import {blockGrid, type Shape} from "../../kernels/reference/blocks.js";
import type {UnitArithmetic} from "../../kernels/reference/unit-gemm.js";
import type {ScalePlaces} from "../quantize-matrix.js";
import {multiplyByUnit, unitScratchBytes} from "./unit-product.js";

/** A matrix of elements with their scales apart. */
export interface ScaledMatrix {
  readonly elements: Address;
  /** Elements from one row to the next. */
  readonly stride: number;
  readonly shape: Shape;
  readonly scales: ScalePlaces;
  /** What has a scale of its own. */
  readonly block: Shape;
  /** Whether each row has an outer scale, not the matrix. */
  readonly hasRowScales: boolean;
}

/** A part of a stored matrix as an operand. */
export interface ScaledOperand {
  readonly matrix: ScaledMatrix;
  /** Where the part begins. */
  readonly row: number;
  readonly column: number;
  readonly isTransposed: boolean;
}

/** How partial sums come about. */
export interface PartialSums {
  /** Undefined for float32, in order. */
  readonly arithmetic: UnitArithmetic | undefined;
  /** At most so many products to a partial sum; 0 for any number. */
  readonly promotion: number;
}

export interface ScaledProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: ScaledOperand;
  readonly b: ScaledOperand;
  readonly c: Address;
  readonly ldc: number;
  /** Multiplies the finished results. */
  readonly factor: number;
}

/** Floats at `scratch` for `multiplyScaled`, which leaves some unused where `scaledGemm` serves. */
export function scaledProductScratch(
  kernels: Kernels,
  {arithmetic}: PartialSums,
  {m, n, k}: Pick<ScaledProduct, "m" | "n" | "k">,
): number {
  const ofUnit = arithmetic ? unitScratchBytes(kernels, arithmetic, {m, n, k}) : 0;
  return m * n + mostParts * (m + n) + 4 * 4 + Math.ceil(ofUnit / 4);
}

/** Products that the kernel `scaledGemm` adds up at most, and partial sums that it is given at most. */
const longestScaledSum = 512;
const mostParts = 4;

/** Whether a partial sum of so many products is scaled before it is stored. */
const isScaledInRegisters = ({arithmetic}: PartialSums, length: number): boolean =>
  !arithmetic && length <= longestScaledSum;

/** Partial sums for one call, so that C stays in the cache; but a transposed A is packed best part by part. */
const partsAtOnce = (sums: PartialSums, length: number, isTransposed: boolean): number =>
  isScaledInRegisters(sums, length) && !isTransposed
    ? Math.min(mostParts, Math.floor(longestScaledSum / length))
    : 1;

/**
 * C = factor · ((Σ partial · s_a · s_b) · g_a) · g_b for op(A) (m×k) and op(B) (k×n): the partial sums are those of the
 * elements as far as the scales s of their blocks are the same, and at most to the promotion interval. Each starts from
 * zero, is multiplied by the two scales, and is added in float32; the outer scales g multiply the whole.
 */
export function multiplyScaled(
  kernels: Kernels,
  sums: PartialSums,
  {m, n, k, a, b, c, ldc, factor}: ScaledProduct,
  scratch: Address,
): void {
  const partial = scratch;
  const rowScales = aligned(partial + 4 * m * n);
  const columnScales = aligned(rowScales + 4 * mostParts * m);
  const unitScratch = aligned(columnScales + 4 * mostParts * n);
  const hasOuter = hasOuterScale(kernels, a) || hasOuterScale(kernels, b);
  const scale = (p: Address, ldp: number, {isLast, accumulate}: {isLast: boolean; accumulate: boolean}) =>
    kernels.scaleProduct(
      ...([p, ldp, rowScales, columnScales, c, ldc, m, n] as const),
      ...([isLast ? factor : 1, accumulate ? 1 : 0] as const),
    );
  const endOfPart = (start: number) =>
    Math.min(k, start + (sums.promotion || k), endOfBlock(a, "a", start), endOfBlock(b, "b", start));

  for (let start = 0; start < k; ) {
    const length = endOfPart(start) - start;
    const limit = partsAtOnce(sums, length, a.isTransposed);
    let end = start;
    for (let i = 0; i < limit && end < k && endOfPart(end) === Math.min(end + length, k); i++) {
      blockScales(kernels, a, "a", end, m, rowScales + 4 * i * m);
      blockScales(kernels, b, "b", end, n, columnScales + 4 * i * n);
      end = endOfPart(end);
    }
    const part = {a, b, m, n, start, length: end - start};
    const how = {isLast: end === k && !hasOuter, accumulate: start > 0};
    if (isScaledInRegisters(sums, length)) {
      kernels.scaledGemm(
        ...([...elementsOf(part), length, rowScales, columnScales, c, ldc] as const),
        ...([how.isLast ? factor : 1, how.accumulate ? 1 : 0] as const),
      );
    } else {
      // A sum of one part comes about where it belongs.
      const [sum, stride] = end - start === k ? [c, ldc] : [partial, n];
      multiplyElements(kernels, sums.arithmetic, part, [sum, stride], unitScratch);
      scale(sum, stride, how);
    }
    start = end;
  }
  if (hasOuter) {
    outerScales(kernels, a, m, rowScales);
    outerScales(kernels, b, n, columnScales);
    scale(c, ldc, {isLast: true, accumulate: false});
  }
}

const aligned = (address: Address): Address => Math.ceil(address / 16) * 16;

/** Whether the sum runs along the rows of the stored matrix. */
const sumsAlongRows = ({isTransposed}: ScaledOperand, side: "a" | "b"): boolean =>
  isTransposed === (side === "b");

/** Where, counted from the beginning of the sum, the block ends in which `start` lies. */
function endOfBlock(operand: ScaledOperand, side: "a" | "b", start: number): number {
  const {block} = operand.matrix;
  const [first, length] = sumsAlongRows(operand, side)
    ? [operand.column, block.columns]
    : [operand.row, block.rows];
  return start + length - ((first + start) % length);
}

/** Writes the scales of the blocks at `start`, one for each row of op(A), or column of op(B). */
function blockScales(
  kernels: Kernels,
  operand: ScaledOperand,
  side: "a" | "b",
  start: number,
  count: number,
  out: Address,
): void {
  const {matrix, row, column} = operand;
  const {block, shape, scales} = matrix;
  const grid = blockGrid(shape, block);
  const alongRows = sumsAlongRows(operand, side);
  // From one block to the next, the first element, and the place of the first block that could be needed.
  const [length, step, first, place] = alongRows
    ? [block.rows, grid.columns, row, Math.floor((column + start) / block.columns)]
    : [block.columns, 1, column, Math.floor((row + start) / block.rows) * grid.columns];
  if (length === 1) {
    kernels.copyRows(scales.blocks + 4 * (place + first * step), step, out, 1, count, 1);
    return;
  }
  const stored = kernels.float32(scales.blocks, grid.rows * grid.columns);
  const target = kernels.float32(out, count);
  for (let i = 0; i < count; ) {
    const at = Math.floor((first + i) / length);
    const end = Math.min((at + 1) * length - first, count);
    target.fill(stored[place + at * step], i, end);
    i = end;
  }
}

const hasOuterScale = (kernels: Kernels, {matrix}: ScaledOperand): boolean =>
  matrix.hasRowScales || kernels.float32(matrix.scales.outer, 1)[0] !== 1;

function outerScales(kernels: Kernels, {matrix, row}: ScaledOperand, count: number, out: Address): void {
  const {outer} = matrix.scales;
  if (matrix.hasRowScales) kernels.scale(outer + 4 * row, 1, out, count);
  else kernels.fill(out, kernels.float32(outer, 1)[0], count);
}

/** The part of a sum from `start` on. */
interface Part extends Pick<ScaledProduct, "a" | "b" | "m" | "n"> {
  readonly start: number;
  readonly length: number;
}

function multiplyElements(
  kernels: Kernels,
  arithmetic: UnitArithmetic | undefined,
  part: Part,
  [c, ldc]: readonly [address: Address, stride: number],
  scratch: Address,
): void {
  const elements = elementsOf(part);
  if (!arithmetic) {
    kernels.gemm(...elements, c, ldc, 1, 0);
    return;
  }
  const [, , m, n, k, a, lda, b, ldb] = elements;
  const [transposeA, transposeB] = [part.a.isTransposed, part.b.isTransposed];
  const operands = {a, lda, b, ldb, c, ldc};
  multiplyByUnit(kernels, arithmetic, {transposeA, transposeB, m, n, k, ...operands}, scratch);
}

/** What kernels are told of the operands of a part. */
function elementsOf({a, b, m, n, start, length}: Part) {
  const aAddress = addressOf(a, sumsAlongRows(a, "a") ? [0, start] : [start, 0]);
  const bAddress = addressOf(b, sumsAlongRows(b, "b") ? [0, start] : [start, 0]);
  return [
    ...([a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0, m, n, length] as const),
    ...([aAddress, a.matrix.stride, bAddress, b.matrix.stride] as const),
  ] as const;
}

const addressOf = ({matrix, row, column}: ScaledOperand, [down, right]: readonly number[]): Address =>
  matrix.elements + 4 * ((row + down) * matrix.stride + column + right);
