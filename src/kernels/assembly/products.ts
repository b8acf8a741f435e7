// Matrix multiplication: packing of B, cache blocking and the walk over register tiles.
// Blocking after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
import {fiveRowTile, fourRowTile, tileFactor} from "./tiles";

/** Which part of a product is wanted; the rest of C is not used, or the rest of op(A) is known to be zero. */
export const everything: i32 = 0;
/** Only the tiles of C that touch or lie below the diagonal. */
export const lowerTriangle: i32 = 1;
/** op(A) is lower triangular: row i needs k ≤ i. */
export const untilDiagonal: i32 = 2;
/** op(A) is upper triangular: row i needs k ≥ i. */
export const fromDiagonal: i32 = 3;

/**
 * A panel of B (depth × 8) fits the first cache; the panels of a block, and the rows of A that pass by each of them,
 * fit the second.
 */
const blockDepth: i32 = 512, blockColumns: i32 = 512, blockElements: i32 = 32768;
/** A transposed A of at most so many elements is used where it lies. */
const directElements: i32 = 8192;

const packedB = memory.data(512 * 512 * 4, 64);
/** The first block of rows may have 16 more than the others. */
const packedA = memory.data((32768 + 16 * 512) * 4, 64);
const edgeA = memory.data(4 * 512 * 4, 64);
const edgeC = memory.data(5 * 8 * 4, 64);

/**
 * C(m×n) = alpha·op(A)·op(B), or C += op(A)·op(B) with accumulate, restricted to a region of the product.
 * See {@link gemm} for the arguments.
 */
export function multiplyRegion(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32, region: i32,
): void {
  const rowStride: usize = transposeA ? 4 : <usize>lda << 2, kStride: usize = transposeA ? <usize>lda << 2 : 4;
  const strideC = <usize>ldc << 2;
  // Rows are cut into tiles of four, then of five; nothing is left over from m = 12 on.
  const fiveFrom = 4 * min((5 - m % 5) % 5, m >> 2);
  const depthEnd = max(k, 1); // an empty sum is one block without products
  for (let k0 = 0; k0 < depthEnd; k0 += blockDepth) {
    const depth = min(blockDepth, k - k0), k1 = k0 + depth;
    const blockRows = blockElements / max(depth, 64) / 5 * 5;
    const packsA = transposeA != 0 && n > 8 && depth * lda > directElements;
    // From one row of op(A) to the next tile's, and along k within tiles of four and five.
    const pitch: usize = packsA ? <usize>depth << 2 : rowStride;
    const step4: usize = packsA ? 16 : kStride, step5: usize = packsA ? 20 : kStride;
    for (let j0 = 0; j0 < n; j0 += blockColumns) {
      const columns = min(blockColumns, n - j0);
      if (transposeB) packTransposed(b + (<usize>(j0 * ldb + k0) << 2), ldb, depth, columns);
      else packRows(b + (<usize>(k0 * ldb + j0) << 2), ldb, depth, columns);
      for (let i0 = 0, i1 = 0; i0 < m; i0 = i1) {
        i1 = min((i0 == 0 ? fiveFrom : i0) + blockRows, m);
        let block = a + <usize>i0 * rowStride + <usize>k0 * kStride;
        if (packsA) {
          packColumns(block, kStride, depth, i0, i1, fiveFrom);
          block = packedA;
        }
        for (let j = 0; j < columns; j += 8) {
          const panel = packedB + (<usize>(j * depth) << 2), width = min(8, columns - j);
          let row = block, cell = c + <usize>i0 * strideC + (<usize>(j0 + j) << 2);
          let i = i0;
          if (region == everything && width == 8) {
            const continues = accumulate != 0 || k0 > 0;
            store<f32>(tileFactor, k1 < k ? 1 : alpha);
            for (; i < fiveFrom; i += 4) {
              fourRowTile(depth, row, rowStride, step4, panel, cell, strideC, continues);
              row += pitch << 2;
              cell += strideC << 2;
            }
            for (; i + 5 <= i1; i += 5) {
              fiveRowTile(depth, row, rowStride, step5, panel, cell, strideC, continues);
              row += 5 * pitch;
              cell += 5 * strideC;
            }
          }
          while (i < i1) {
            const rows = i < fiveFrom ? 4 : min(5, i1 - i);
            const begin = region == fromDiagonal ? i : 0, end = region == untilDiagonal ? min(k, i + rows) : k;
            const from = max(begin, k0), to = min(end, k1);
            const isWanted = region != lowerTriangle || j0 + j < i + rows;
            if (isWanted && (from < to || k == 0)) {
              const step = i < fiveFrom ? step4 : step5;
              const tileRow = row + <usize>(from - k0) * step, tilePanel = panel + (<usize>(from - k0) << 5);
              const continues = accumulate != 0 || from > begin;
              store<f32>(tileFactor, to < end ? 1 : alpha);
              if (width == 8 && rows >= 4) {
                wholeTile(rows, to - from, tileRow, rowStride, step, tilePanel, cell, strideC, continues);
              } else {
                edgeTile(rows, width, to - from, tileRow, rowStride, step, tilePanel, cell, strideC, continues);
              }
            }
            row += <usize>rows * pitch;
            cell += <usize>rows * strideC;
            i += rows;
          }
        }
      }
    }
  }
}

@inline
function wholeTile(
  rows: i32, k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  if (rows == 5) fiveRowTile(k, a, rowStride, kStride, b, c, strideC, accumulate);
  else fourRowTile(k, a, rowStride, kStride, b, c, strideC, accumulate);
}

/**
 * A tile of fewer than four rows or eight columns, computed in full on copies. The last row stands in for missing ones;
 * what they and the missing columns give is dropped.
 */
function edgeTile(
  rows: i32, width: i32, k: i32, a: usize, rowStride: usize, kStride: usize,
  b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  if (accumulate) copyBlock(c, strideC, edgeC, 32, rows, width);
  if (rows >= 4) {
    wholeTile(rows, k, a, rowStride, kStride, b, edgeC, 32, accumulate);
  } else {
    for (let i = 0; i < 4; i++) {
      const row = a + <usize>min(i, rows - 1) * rowStride;
      for (let p = 0; p < k; p++) store<f32>(edgeA + (<usize>(4 * p + i) << 2), load<f32>(row + <usize>p * kStride));
    }
    fourRowTile(k, edgeA, 4, 16, b, edgeC, 32, accumulate);
  }
  copyBlock(edgeC, 32, c, strideC, rows, width);
}

function copyBlock(from: usize, fromStride: usize, to: usize, toStride: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)));
    from += fromStride;
    to += toStride;
  }
}

/** Rows i0 to i1 − 1 of a transposed A, the rows of each tile side by side. */
function packColumns(a: usize, stride: usize, depth: i32, i0: i32, i1: i32, fiveFrom: i32): void {
  let out: usize = packedA, rows = 0;
  for (let i = i0; i < i1; i += rows) {
    rows = i < fiveFrom ? 4 : min(5, i1 - i);
    let from = a + (<usize>(i - i0) << 2);
    const end = from + <usize>depth * stride;
    if (i < fiveFrom) {
      for (; from < end; from += stride, out += 16) v128.store(out, v128.load(from));
    } else if (rows == 5) {
      for (; from < end; from += stride, out += 20) {
        v128.store(out, v128.load(from));
        store<f32>(out, load<f32>(from, 16), 16);
      }
    } else {
      for (; from < end; from += stride, out += 20) {
        for (let r: usize = 0; r < <usize>rows; r++) store<f32>(out + (r << 2), load<f32>(from + (r << 2)));
      }
    }
  }
}

/** Panels of eight columns from B as stored (depth rows); columns beyond the last are zero. */
function packRows(b: usize, ldb: i32, depth: i32, columns: i32): void {
  const stride = <usize>ldb << 2;
  let out: usize = packedB;
  for (let j = 0; j < columns; j += 8) {
    let row = b + (<usize>j << 2);
    const end = out + (<usize>depth << 5), width = columns - j;
    if (width < 8) memory.fill(out, 0, <usize>depth << 5);
    while (out < end) {
      if (width >= 8) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
      } else {
        for (let i = 0; i < width; i++) store<f32>(out + (<usize>i << 2), load<f32>(row + (<usize>i << 2)));
      }
      out += 32;
      row += stride;
    }
  }
}

/** The same panels from a transposed B: its rows are the columns of op(B). */
function packTransposed(b: usize, ldb: i32, depth: i32, columns: i32): void {
  const stride = <usize>ldb << 2;
  for (let j = 0; j < columns; j += 8) {
    const panel = packedB + (<usize>(j * depth) << 2);
    if (columns - j < 8) memory.fill(panel, 0, <usize>depth << 5);
    packFourColumns(b + <usize>j * stride, stride, depth, panel, min(4, columns - j));
    if (columns - j > 4) packFourColumns(b + <usize>(j + 4) * stride, stride, depth, panel + 16, min(4, columns - j - 4));
  }
}

/** Up to four columns of op(B) into half a panel, four by four elements at a time. */
function packFourColumns(b: usize, stride: usize, depth: i32, out: usize, columns: i32): void {
  let p = 0;
  if (columns == 4) {
    const b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
    for (; p + 4 <= depth; p += 4) {
      const o = <usize>p << 2;
      const r0 = v128.load(b + o), r1 = v128.load(b1 + o), r2 = v128.load(b2 + o), r3 = v128.load(b3 + o);
      const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      v128.store(out, i64x2.shuffle(low01, low23, 0, 2));
      v128.store(out, i64x2.shuffle(low01, low23, 1, 3), 32);
      v128.store(out, i64x2.shuffle(high01, high23, 0, 2), 64);
      v128.store(out, i64x2.shuffle(high01, high23, 1, 3), 96);
      out += 128;
    }
  }
  for (; p < depth; p++) {
    for (let i = 0; i < columns; i++) {
      store<f32>(out + (<usize>i << 2), load<f32>(b + <usize>i * stride + (<usize>p << 2)));
    }
    out += 32;
  }
}
