import type {Address, Kernels} from "../kernels/kernels.js";

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

/** y = factor · x W: (rows, groups · fanIn) → (rows, groups · fanOut), with W (fanIn, groups · fanOut). */
export function forwardProduct(
  kernels: Kernels,
  {rows, fanIn, fanOut, groups, transposed}: LinearShape,
  [x, w, y]: readonly [x: Address, w: Address, y: Address],
  factor: number,
): void {
  const [allIn, allOut] = [groups * fanIn, groups * fanOut];
  for (let group = 0; group < groups; group++) {
    const [i, o] = [4 * group * fanIn, 4 * group * fanOut];
    if (transposed) kernels.gemm(0, 1, rows, fanOut, fanIn, x, fanIn, w, fanIn, y, fanOut, factor, 0);
    else kernels.gemm(0, 0, rows, fanOut, fanIn, x + i, allIn, w + o, allOut, y + o, allOut, factor, 0);
  }
}

/** ∂W = factor · xᵀ ∂y. */
export function weightGradientProduct(
  kernels: Kernels,
  {rows, fanIn, fanOut, groups, transposed}: LinearShape,
  [x, dy, dw]: readonly [x: Address, yGradient: Address, weightGradient: Address],
  factor: number,
): void {
  const [allIn, allOut] = [groups * fanIn, groups * fanOut];
  for (let group = 0; group < groups; group++) {
    const [i, o] = [4 * group * fanIn, 4 * group * fanOut];
    if (transposed) kernels.gemm(1, 0, fanOut, fanIn, rows, dy, fanOut, x, fanIn, dw, fanIn, factor, 0);
    else kernels.gemm(1, 0, fanIn, fanOut, rows, x + i, allIn, dy + o, allOut, dw + o, allOut, factor, 0);
  }
}

/** ∂x = factor · ∂y Wᵀ. */
export function inputGradientProduct(
  kernels: Kernels,
  {rows, fanIn, fanOut, groups, transposed}: LinearShape,
  [dy, w, dx]: readonly [yGradient: Address, w: Address, xGradient: Address],
  factor: number,
): void {
  const [allIn, allOut] = [groups * fanIn, groups * fanOut];
  for (let group = 0; group < groups; group++) {
    const [i, o] = [4 * group * fanIn, 4 * group * fanOut];
    if (transposed) kernels.gemm(0, 0, rows, fanIn, fanOut, dy, fanOut, w, fanIn, dx, fanIn, factor, 0);
    else kernels.gemm(0, 1, rows, fanIn, fanOut, dy + o, allOut, w + o, allOut, dx + i, allIn, factor, 0);
  }
}
