// Clipped straight-through gradients; `../reference/clip-gradients.ts` says what the results must be.
import {loadPart, storePart} from "./vector-math";

/**
 * gradient = 0 where |x| is beyond the limit of its block, else as it was. `x` and `gradient` have the same layout.
 */
export function clipGradients(
  gradient: usize, x: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32, limits: usize,
): void {
  const blocks = (columns + blockColumns - 1) / blockColumns;
  const rowBytes = <usize>stride << 2, limitBytes = <usize>blocks << 2;
  for (let row = 0; row < rows; row += blockRows) {
    const end = x + <usize>min(blockRows, rows - row) * rowBytes;
    for (; x < end; x += rowBytes) {
      clipRow(gradient, x, columns, blockColumns, limits);
      gradient += rowBytes;
    }
    limits += limitBytes;
  }
}

@inline
function clipRow(gradient: usize, x: usize, columns: i32, blockColumns: i32, limits: usize): void {
  const step = blockColumns == 1 ? 4 : blockColumns;
  for (let left = columns; left > 0; left -= step) {
    let width = min(step, left);
    let limit = v128.load32_splat(limits);
    if (blockColumns == 1) {
      limit = width < 4 ? loadPart(limits, width) : v128.load(limits);
      limits += 16;
    } else {
      limits += 4;
    }
    for (; width >= 4; width -= 4) {
      v128.store(gradient, clipVector(v128.load(gradient), v128.load(x), limit));
      x += 16;
      gradient += 16;
    }
    if (width > 0) {
      storePart(gradient, clipVector(loadPart(gradient, width), loadPart(x, width), limit), width);
      x += <usize>width << 2;
      gradient += <usize>width << 2;
    }
  }
}

@inline
function clipVector(gradient: v128, x: v128, limit: v128): v128 {
  return v128.andnot(gradient, f32x4.gt(f32x4.abs(x), limit));
}
