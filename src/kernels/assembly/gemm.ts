// Matrix multiplication: packing, cache blocking and the walk over register tiles.
// Blocking after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
import {fiveColumns, fiveRows, fourColumns, fourRows} from "./tiles";

/** Which part of the product is wanted; the rest of C or of the sums over k is known to be zero or unused. */
export const everything: i32 = 0;
/** Only tiles of C that touch or lie below the diagonal. */
export const lowerTriangle: i32 = 1;
/** op(A) is lower triangular: row i needs k ≤ i. */
export const untilDiagonal: i32 = 2;
/** op(A) is upper triangular: row i needs k ≥ i. */
export const fromDiagonal: i32 = 3;

/** Depth, columns and rows of a block: a panel of B (depth × 8) fits the first cache, a block of A the second. */
const blockDepth: i32 = 512, blockColumns: i32 = 512, blockElementsOfA: i32 = 65536;

const packedB = memory.data(512 * 512 * 4, 64);
const packedA = memory.data((65536 + 5 * 512) * 4, 64);
const edgeTile = memory.data(5 * 8 * 4, 64);

/**
 * C(m×n) = alpha·op(A)·op(B), or C += op(A)·op(B) with accumulate (alpha must then be 1).
 * op(A) is m×k, op(B) is k×n; lda, ldb and ldc are the row strides, in elements, of the matrices as stored.
 * Every element of C is the sum over k in ascending order, starting from the stored C or from 0, of products rounded
 * before they are added; alpha multiplies the finished sum. The result does not depend on tiling or blocking.
 * Products of two transposed matrices are not supported.
 */
export function gemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32,
): void {
  multiplyRegion(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, alpha, accumulate, everything);
}

/** {@link gemm} restricted to a region of the product. */
export function multiplyRegion(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32, region: i32,
): void {
  let k0 = 0;
  do {
    const depth = min(blockDepth, k - k0);
    let rowBlock = blockElementsOfA / max(depth, 1);
    for (let j0 = 0; j0 < n; j0 += blockColumns) {
      const columns = min(blockColumns, n - j0);
      if (transposeB) packTransposed(b + (<usize>(j0 * ldb + k0) << 2), ldb, depth, columns);
      else packRows(b + (<usize>(k0 * ldb + j0) << 2), ldb, depth, columns);
      for (let i0 = 0; i0 < m; i0 += rowBlock) {
        const rowEnd = min(i0 + rowBlock, m);
        for (let j = 0; j < columns; j += 8) {
          const panel = packedB + (<usize>(j * depth) << 2);
          const wide = columns - j >= 8;
          let i = i0;
          while (i < rowEnd) {
            const left = rowEnd - i;
            const rows = left % 5 != 0 && left >= 4 ? 4 : min(5, left);
            const last = i + rows - 1;
            const begin = region == fromDiagonal ? i : 0;
            const end = region == untilDiagonal ? min(k, last + 1) : k;
            const from = max(begin, k0), to = min(end, k0 + depth);
            if ((from < to || k == 0) && (region != lowerTriangle || j0 + j <= last)) {
              const continues = accumulate != 0 || from > begin;
              const factor: f32 = to == end ? alpha : 1;
              const start = panel + (<usize>(from - k0) << 5);
              const cell = c + (<usize>(i * ldc + j0 + j) << 2);
              const direct = wide && rows >= 4;
              const target = direct ? cell : edgeTile;
              const stride: usize = direct ? <usize>ldc << 2 : 32;
              if (!direct && continues) copyTile(cell, <usize>ldc << 2, edgeTile, 32, rows, min(8, columns - j));
              if (transposeA) {
                const source = a + (<usize>(from * lda + i) << 2);
                columnTile(rows, to - from, source, <usize>lda << 2, start, target, stride, factor, continues);
              } else {
                const source = a + (<usize>(i * lda + from) << 2);
                rowTile(rows, to - from, source, <usize>lda << 2, start, target, stride, factor, continues);
              }
              if (!direct) copyTile(edgeTile, 32, cell, <usize>ldc << 2, rows, min(8, columns - j));
            }
            i += rows;
          }
        }
      }
    }
    k0 += blockDepth;
  } while (k0 < k);
}

/** Missing rows of an edge tile repeat the last one; what they give is dropped. */
function rowTile(
  rows: i32, k: i32, a: usize, strideA: usize, b: usize, c: usize, strideC: usize, alpha: f32, accumulate: bool,
): void {
  const a1 = rows > 1 ? a + strideA : a;
  const a2 = rows > 2 ? a1 + strideA : a1;
  const a3 = rows > 3 ? a2 + strideA : a2;
  if (rows == 5) fiveRows(k, a, a1, a2, a3, a3 + strideA, b, 32, c, strideC, alpha, accumulate);
  else fourRows(k, a, a1, a2, a3, b, 32, c, strideC, alpha, accumulate);
}

/** An edge tile with fewer than four rows is packed, so that nothing beyond A is read. */
function columnTile(
  rows: i32, k: i32, a: usize, strideA: usize, b: usize, c: usize, strideC: usize, alpha: f32, accumulate: bool,
): void {
  if (rows == 5) {
    fiveColumns(k, a, strideA, b, 32, c, strideC, alpha, accumulate);
  } else if (rows == 4) {
    fourColumns(k, a, strideA, b, 32, c, strideC, alpha, accumulate);
  } else {
    for (let p = 0; p < k; p++) {
      for (let i = 0; i < rows; i++) store<f32>(packedA + (<usize>(4 * p + i) << 2), load<f32>(a + (<usize>i << 2)));
      a += strideA;
    }
    fourColumns(k, packedA, 16, b, 32, c, strideC, alpha, accumulate);
  }
}

/** Panels of eight columns from B as stored (depth rows); columns beyond the last are zero. */
function packRows(b: usize, ldb: i32, depth: i32, columns: i32): void {
  let out: usize = packedB;
  for (let j = 0; j < columns; j += 8) {
    let row = b + (<usize>j << 2);
    const width = min(8, columns - j);
    for (let p = 0; p < depth; p++) {
      if (width == 8) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
      } else {
        for (let i = 0; i < 8; i++) {
          store<f32>(out + (<usize>i << 2), i < width ? load<f32>(row + (<usize>i << 2)) : 0);
        }
      }
      out += 32;
      row += <usize>ldb << 2;
    }
  }
}

/** The same panels from a transposed B: its rows are the columns of op(B). */
function packTransposed(b: usize, ldb: i32, depth: i32, columns: i32): void {
  const stride = <usize>ldb << 2;
  for (let j = 0; j < columns; j++) {
    const panel: usize = packedB + (<usize>((j & ~7) * depth + (j & 7)) << 2);
    for (let p = 0; p < depth; p++) {
      store<f32>(panel + (<usize>p << 5), load<f32>(b + <usize>j * stride + (<usize>p << 2)));
    }
  }
  for (let j = columns; (j & 7) != 0; j++) {
    const panel: usize = packedB + (<usize>((j & ~7) * depth + (j & 7)) << 2);
    for (let p = 0; p < depth; p++) store<f32>(panel + (<usize>p << 5), 0);
  }
}

function copyTile(from: usize, fromStride: usize, to: usize, toStride: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)));
    }
    from += fromStride;
    to += toStride;
  }
}
