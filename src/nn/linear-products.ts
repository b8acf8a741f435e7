import type {Address, Kernels} from "../kernels/kernels.js";
import type {LinearProduct} from "./program.js";

/** A linear layer: n rows, and in each of its groups fanIn values to fanOut. */
export interface LinearShape {
  readonly rows: number;
  readonly fanIn: number;
  readonly fanOut: number;
  /** Column block i of y depends on column block i of x, by column block i of W. */
  readonly groups: number;
  /** Whether W is stored as Wᵀ; without groups. */
  readonly transposed: boolean;
}

/** Columns of a stored matrix, from `column` on, as an operand of a product or as its result. */
export interface Columns {
  readonly column: number;
  /** Columns of the whole matrix. */
  readonly stride: number;
}

/** C = op(A) op(B), m×k times k×n, of which each is a part of a stored matrix. */
export interface LinearGemm {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Columns & {readonly isTransposed: boolean};
  readonly b: Columns & {readonly isTransposed: boolean};
  readonly c: Columns;
}

/**
 * The products of a linear layer, one for each group: y = x W of A = x (rows, groups · fanIn) and B = W (fanIn,
 * groups · fanOut), ∂x = ∂y Wᵀ of A = ∂y and B = W, and ∂W = xᵀ ∂y of A = x and B = ∂y; where W is stored as Wᵀ, the
 * transpose of that, of A = ∂y and B = x.
 */
export function linearGemms(
  product: LinearProduct,
  {rows, fanIn, fanOut, groups, transposed}: LinearShape,
): LinearGemm[] {
  return Array.from({length: groups}, (_, group) => {
    const inputs = {column: group * fanIn, stride: groups * fanIn};
    const outputs = {column: group * fanOut, stride: groups * fanOut};
    const weights = transposed ? {column: 0, stride: fanIn} : outputs;
    const as = (columns: Columns, isTransposed: boolean) => ({...columns, isTransposed});
    if (product === "forward") {
      const operands = {a: as(inputs, false), b: as(weights, transposed)};
      return {m: rows, n: fanOut, k: fanIn, ...operands, c: outputs};
    }
    if (product === "input gradient") {
      const operands = {a: as(outputs, false), b: as(weights, !transposed)};
      return {m: rows, n: fanIn, k: fanOut, ...operands, c: inputs};
    }
    if (transposed) {
      return {m: fanOut, n: fanIn, k: rows, a: as(outputs, true), b: as(inputs, false), c: weights};
    }
    return {m: fanIn, n: fanOut, k: rows, a: as(inputs, true), b: as(outputs, false), c: weights};
  });
}

/** C = factor · op(A) op(B) in float32. */
export function multiplyPlainly(
  kernels: Kernels,
  gemms: readonly LinearGemm[],
  [aAddress, bAddress, cAddress]: readonly [a: Address, b: Address, c: Address],
  factor: number,
): void {
  for (const {m, n, k, a, b, c} of gemms) {
    kernels.gemm(
      ...([a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0, m, n, k] as const),
      ...([aAddress + 4 * a.column, a.stride, bAddress + 4 * b.column, b.stride] as const),
      ...([cAddress + 4 * c.column, c.stride, factor, 0] as const),
    );
  }
}
