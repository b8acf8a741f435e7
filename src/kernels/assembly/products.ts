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
const packedA = memory.data((32768 + 16 * 512) * 4, 64);
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
    const blockRows = blockElements / max(depth, 64) / 20 * 20;
    const packsA = transposeA != 0 && n > 8 && depth * lda > directElements;
    for (let j0 = 0; j0 < n; j0 += blockColumns) {
      const columns = min(blockColumns, n - j0);
      if (transposeB) packTransposed(b + (<usize>(j0 * ldb + k0) << 2), ldb, depth, columns);
      else packRows(b + (<usize>(k0 * ldb + j0) << 2), ldb, depth, columns);
      // A block of rows ends where a tile does. fiveFrom is at most 16: so many rows more fit into packedA.
      for (let i0 = 0, i1 = 0; i0 < m; i0 = i1) {
        i1 = min(i0 == 0 ? fiveFrom + blockRows : i0 + blockRows, m);
        if (packsA) packColumns(a + (<usize>i0 << 2) + <usize>k0 * kStride, kStride, depth, i0, i1, fiveFrom);
        for (let j = 0; j < columns; j += 8) {
          const panel = packedB + (<usize>(j * depth) << 2);
          const width = min(8, columns - j);
          const column = c + (<usize>(j0 + j) << 2);
          let rows = 4;
          store<f32>(tileFactor, k1 >= k ? alpha : 1);
          for (let i = i0; i < i1; i += rows) {
            rows = i < fiveFrom ? 4 : min(5, m - i);
            let from = k0, to = k1, start: usize = panel;
            let continues = accumulate != 0 || k0 > 0;
            if (region != everything) {
              if (region == lowerTriangle) {
                if (j0 + j >= i + rows) continue;
              } else {
                const begin = region == fromDiagonal ? i : 0, end = region == untilDiagonal ? min(k, i + rows) : k;
                from = max(begin, k0);
                to = min(end, k1);
                if (from >= to) continue;
                start += <usize>(from - k0) << 5;
                continues = from > begin;
                store<f32>(tileFactor, to == end ? alpha : 1);
              }
            }
            let row = a + <usize>i * rowStride + <usize>from * kStride, nextRow = rowStride, step = kStride;
            if (packsA) {
              step = i < fiveFrom ? 16 : 20;
              row = packedA + (<usize>((i - i0) * depth) << 2) + <usize>(from - k0) * step;
            } else if (rows < 4) {
              packFewRows(row, rowStride, kStride, rows, to - from);
              row = packedA;
              nextRow = 4;
              step = 16;
            }
            const cell = column + <usize>i * strideC;
            if (width == 8 && rows >= 4) {
              if (rows == 5) fiveRowTile(to - from, row, nextRow, step, start, cell, strideC, continues);
              else fourRowTile(to - from, row, nextRow, step, start, cell, strideC, continues);
            } else {
              if (continues) copyBlock(cell, strideC, edgeC, 32, rows, width);
              if (rows == 5) fiveRowTile(to - from, row, nextRow, step, start, edgeC, 32, continues);
              else fourRowTile(to - from, row, nextRow, step, start, edgeC, 32, continues);
              copyBlock(edgeC, 32, cell, strideC, rows, width);
            }
          }
        }
      }
    }
  }
}

/** Rows i0 to i1 − 1 of a transposed A, the rows of each tile side by side. */
function packColumns(a: usize, stride: usize, depth: i32, i0: i32, i1: i32, fiveFrom: i32): void {
  let out: usize = packedA, rows = 4;
  for (let i = i0; i < i1; i += rows) {
    rows = i < fiveFrom ? 4 : min(5, i1 - i);
    let from = a + (<usize>(i - i0) << 2);
    const end = from + <usize>depth * stride;
    if (rows == 5) {
      while (from < end) {
        v128.store(out, v128.load(from));
        store<f32>(out, load<f32>(from, 16), 16);
        from += stride;
        out += 20;
      }
    } else if (i < fiveFrom) {
      while (from < end) {
        v128.store(out, v128.load(from));
        from += stride;
        out += 16;
      }
    } else {
      while (from < end) {
        for (let r: usize = 0; r < <usize>rows; r++) store<f32>(out + (r << 2), load<f32>(from + (r << 2)));
        from += stride;
        out += 20;
      }
    }
  }
}

/** One to three rows side by side, the last repeated up to four; what the repeated ones give is dropped. */
function packFewRows(a: usize, rowStride: usize, kStride: usize, rows: i32, k: i32): void {
  const end: usize = packedA + (<usize>k << 4);
  for (let i = 0; i < 4; i++) {
    let from = a + <usize>min(i, rows - 1) * rowStride;
    for (let out: usize = packedA + (<usize>i << 2); out < end; out += 16) {
      store<f32>(out, load<f32>(from));
      from += kStride;
    }
  }
}

function copyBlock(from: usize, fromStride: usize, to: usize, toStride: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)));
    from += fromStride;
    to += toStride;
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
