// Matrix multiplication: packing, cache blocking and the walk over register tiles.
// Blocking after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
import {scaleProduct} from "./scale-product";
import {
  fiveVectorScaledTile, fiveVectorTile, fourRowScaledTile, fourRowTile, fourVectorScaledTile, fourVectorTile,
  oneVectorScaledTile, oneVectorTile, threeVectorScaledTile, threeVectorTile, tileFactor, twoVectorScaledTile,
  twoVectorTile,
} from "./tiles";

/** Which part of a product is wanted; the rest of C is not used, or the rest of op(A) is known to be zero. */
export const everything: i32 = 0;
/** Only the tiles of C that touch or lie below the diagonal, j ≤ i + diagonal. */
export const lowerTriangle: i32 = 1;
/** op(A) is lower triangular: row i needs k ≤ i + diagonal. */
export const untilDiagonal: i32 = 2;
/** op(A) is upper triangular: row i needs k ≥ i. */
export const fromDiagonal: i32 = 3;

/** Rows of a tile. The first element of a triangular op(A) beyond the diagonal is read with it, and has to be zero. */
const tileRows: i32 = 2;

/**
 * A panel of B (depth × 20) about fits the first cache; the rows of A that pass by each panel of a block fit the
 * second.
 */
const blockDepth: i32 = 512, blockColumns: i32 = 512, blockElements: i32 = 32768;
/** A transposed A of at most so many elements is used where it lies. */
const directElements: i32 = 8192;

const packedA = memory.data(32768 * 4, 64);
const packedB = memory.data(512 * (512 + 16) * 4, 64);
const edgeC = memory.data(2 * 20 * 4, 64);

/**
 * C(m×n) = alpha·op(A)·op(B), or alpha·(C + op(A)·op(B)) with accumulate, restricted to a region of the product.
 * See {@link gemm} for the arguments.
 */
export function multiplyRegion(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32,
  region: i32, diagonal: i32,
): void {
  multiplyBlocks(
    transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, alpha, accumulate, region, diagonal, 0, 0, 0,
  );
}

/**
 * C(m×n) = alpha·Σ (op(A)·op(B))·r·s, or alpha·(C + Σ …) with accumulate, over parts of `part` products each, with a
 * scale r for each row and one s for each column of every part: tile by tile what `scaleProduct` makes of the products.
 * k is at most `blockDepth`.
 */
export function multiplyScaled(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, part: i32, rowScales: usize, columnScales: usize,
  c: usize, ldc: i32, alpha: f32, accumulate: i32,
): void {
  multiplyBlocks(
    transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, alpha, accumulate,
    everything, 0, part, rowScales, columnScales,
  );
}

/** Without scales where `part` is 0. */
function multiplyBlocks(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32,
  region: i32, diagonal: i32, part: i32, rowScales: usize, columnScales: usize,
): void {
  const strideA = <usize>lda << 2, strideC = <usize>ldc << 2;
  const rowStride: usize = transposeA ? 4 : strideA, kStride: usize = transposeA ? strideA : 4;
  const isTriangular = region == untilDiagonal || region == fromDiagonal;
  const depthEnd = max(k, 1); // an empty sum is one block without products
  for (let k0 = 0; k0 < depthEnd; k0 += blockDepth) {
    const depth = min(blockDepth, k - k0), k1 = k0 + depth;
    const blockRows = (blockElements / max(depth, 64)) & ~1;
    const packsA = transposeA != 0 && n > 32 && depth * lda > directElements;
    // From one row of op(A) to the next, and along k.
    const pitch: usize = packsA ? <usize>depth << 2 : rowStride, step: usize = packsA ? 8 : kStride;
    for (let j0 = 0; j0 < n; j0 += blockColumns) {
      const columns = min(blockColumns, n - j0);
      const fiveFrom = firstColumnOfFives(columns);
      if (transposeB) packTransposed(b + (<usize>(j0 * ldb + k0) << 2), ldb, depth, columns, fiveFrom);
      else packRows(b + (<usize>(k0 * ldb + j0) << 2), ldb, depth, columns, fiveFrom);
      for (let i0 = 0; i0 < m; i0 += blockRows) {
        const i1 = min(i0 + blockRows, m);
        let block = a + <usize>i0 * rowStride + <usize>k0 * kStride;
        if (packsA) {
          packColumns(block, kStride, depth, i1 - i0);
          block = packedA;
        }
        let panel: usize = packedB;
        for (let j = 0, vectors = 0; j < columns; j += vectors << 2) {
          vectors = panelVectors(j, columns, fiveFrom);
          const width = min(vectors << 2, columns - j), isWhole = width == vectors << 2;
          let row = block, cell = c + <usize>i0 * strideC + (<usize>(j0 + j) << 2);
          let i = i0;
          for (let p = 0; part && p < depth; p += part) {
            const length = min(part, depth - p), partScales = rowScales + (<usize>(p / part * m) << 2);
            const scalesOfPanel = columnScales + (<usize>(p / part * n + j0 + j) << 2);
            const factor: f32 = p + length < k ? 1 : alpha, continues = accumulate != 0 || p > 0;
            row = block + <usize>p * step;
            cell = c + <usize>i0 * strideC + (<usize>(j0 + j) << 2);
            const tileB = panel + (<usize>(p * vectors) << 4);
            store<f32>(tileFactor, factor);
            for (i = i0; isWhole && vectors == 2 && i + 4 <= i1; i += 4) {
              const scales = partScales + (<usize>i << 2), pairStride = pitch << 1;
              fourRowScaledTile(
                length, row, rowStride, pairStride, step, tileB, cell, strideC, continues, scales, scalesOfPanel,
              );
              row += pitch << 2;
              cell += strideC << 2;
            }
            for (; i < i1; i += 2) {
              const rows = min(2, i1 - i), scales = partScales + (<usize>i << 2);
              if (isWhole && rows == 2) {
                store<f32>(tileFactor, factor);
                scaledTile(vectors, length, row, rowStride, step, tileB, cell, strideC, continues, scales, scalesOfPanel);
              } else {
                store<f32>(tileFactor, 1);
                tile(vectors, length, row, rows == 2 ? rowStride : 0, step, tileB, edgeC, 80, false);
                scaleProduct(edgeC, 20, scales, scalesOfPanel, cell, ldc, rows, width, factor, continues ? 1 : 0);
              }
              row += pitch << 1;
              cell += strideC << 1;
            }
          }
          if (region == lowerTriangle) {
            // Rows that end before this panel.
            const above = max(0, j0 + j - diagonal - i0) & ~1;
            i += above;
            row += <usize>above * pitch;
            cell += <usize>above * strideC;
          }
          // Only a triangular op(A) in several blocks along k may begin and end between them.
          if (isWhole && (depth == k || !isTriangular)) {
            const continues = accumulate != 0 || k0 > 0;
            store<f32>(tileFactor, k1 < k ? 1 : alpha);
            for (; vectors == 2 && !isTriangular && i + 4 <= i1; i += 4) {
              fourRowTile(depth, row, rowStride, pitch << 1, step, panel, cell, strideC, continues);
              row += pitch << 2;
              cell += strideC << 2;
            }
            for (; i + tileRows <= i1; i += tileRows) {
              const from = region == fromDiagonal ? i : 0;
              const to = region == untilDiagonal ? min(depth, i + diagonal + tileRows) : depth;
              const tileA = row + <usize>from * step, tileB = panel + (<usize>(from * vectors) << 4);
              tile(vectors, to - from, tileA, rowStride, step, tileB, cell, strideC, continues);
              row += pitch << 1;
              cell += strideC << 1;
            }
          }
          for (; i < i1; i += 2) {
            const begin = region == fromDiagonal ? i : 0;
            const end = region == untilDiagonal ? min(k, i + diagonal + tileRows) : k;
            const from = max(begin, k0), to = min(end, k1);
            if (from < to || k == 0) {
              const tileA = row + <usize>(from - k0) * step, tileB = panel + <usize>((from - k0) * vectors << 4);
              const continues = accumulate != 0 || from > begin;
              store<f32>(tileFactor, to < end ? 1 : alpha);
              if (isWhole && i + 2 <= i1) {
                tile(vectors, to - from, tileA, rowStride, step, tileB, cell, strideC, continues);
              } else {
                const rows = min(2, i1 - i);
                edgeTile(rows, width, vectors, to - from, tileA, rowStride, step, tileB, cell, strideC, continues);
              }
            }
            row += pitch << 1;
            cell += strideC << 1;
          }
          panel += <usize>(vectors * depth) << 4;
        }
      }
    }
  }
}

@inline
function tile(
  vectors: i32, k: i32, a: usize, rowStride: usize, kStride: usize, b: usize,
  c: usize, strideC: usize, accumulate: bool,
): void {
  if (vectors == 5) fiveVectorTile(k, a, rowStride, kStride, b, c, strideC, accumulate);
  else if (vectors == 4) fourVectorTile(k, a, rowStride, kStride, b, c, strideC, accumulate);
  else if (vectors == 3) threeVectorTile(k, a, rowStride, kStride, b, c, strideC, accumulate);
  else if (vectors == 2) twoVectorTile(k, a, rowStride, kStride, b, c, strideC, accumulate);
  else oneVectorTile(k, a, rowStride, kStride, b, c, strideC, accumulate);
}

@inline
function scaledTile(
  vectors: i32, k: i32, a: usize, rowStride: usize, kStride: usize, b: usize,
  c: usize, strideC: usize, accumulate: bool, rows: usize, columns: usize,
): void {
  if (vectors == 5) fiveVectorScaledTile(k, a, rowStride, kStride, b, c, strideC, accumulate, rows, columns);
  else if (vectors == 4) fourVectorScaledTile(k, a, rowStride, kStride, b, c, strideC, accumulate, rows, columns);
  else if (vectors == 3) threeVectorScaledTile(k, a, rowStride, kStride, b, c, strideC, accumulate, rows, columns);
  else if (vectors == 2) twoVectorScaledTile(k, a, rowStride, kStride, b, c, strideC, accumulate, rows, columns);
  else oneVectorScaledTile(k, a, rowStride, kStride, b, c, strideC, accumulate, rows, columns);
}

/** A tile with one row only or with too few columns, computed in full on a copy; a missing row repeats the other. */
function edgeTile(
  rows: i32, width: i32, vectors: i32, k: i32, a: usize, rowStride: usize, kStride: usize,
  b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  if (accumulate) copyBlock(c, strideC, edgeC, 80, rows, width);
  tile(vectors, k, a, rows == 2 ? rowStride : 0, kStride, b, edgeC, 80, accumulate);
  copyBlock(edgeC, 80, c, strideC, rows, width);
}

/**
 * Columns are cut into at most two panels of sixteen, then panels of twenty, and a last one of eight where these do not
 * come out even; with less than thirteen columns it may be narrower or wider.
 */
function firstColumnOfFives(columns: i32): i32 {
  const vectors = (columns + 3) >> 2, rest = vectors % 5;
  return 16 * min(rest > 2 ? 5 - rest : rest & 1, vectors >> 2);
}

/** Vectors of the panel that starts with column j. */
@inline
function panelVectors(j: i32, columns: i32, fiveFrom: i32): i32 {
  return j < fiveFrom ? 4 : min(5, (columns - j + 3) >> 2);
}

function copyBlock(from: usize, fromStride: usize, to: usize, toStride: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)));
    from += fromStride;
    to += toStride;
  }
}

/** Rows of a transposed A, two side by side. */
function packColumns(a: usize, stride: usize, depth: i32, rows: i32): void {
  const pairBytes = <usize>depth << 3;
  let out: usize = packedA, i = 0;
  for (; i + 4 <= rows; i += 4) {
    const end = out + pairBytes;
    for (let from = a; out < end; from += stride, out += 8) {
      const x = v128.load(from);
      v128.store_lane<u64>(out, x, 0);
      v128.store_lane<u64>(out + pairBytes, x, 1);
    }
    out += pairBytes;
    a += 16;
  }
  for (; i < rows; i += 2) {
    const end = out + pairBytes;
    for (let from = a; out < end; from += stride, out += 8) {
      store<f32>(out, load<f32>(from));
      if (i + 1 < rows) store<f32>(out, load<f32>(from, 4), 4);
    }
    a += 8;
  }
}

/** Panels of columns from B as stored (depth rows); columns beyond the last are zero. */
function packRows(b: usize, ldb: i32, depth: i32, columns: i32, fiveFrom: i32): void {
  const stride = <usize>ldb << 2;
  let out: usize = packedB;
  for (let j = 0, vectors = 0; j < columns; j += vectors << 2) {
    vectors = panelVectors(j, columns, fiveFrom);
    const width = columns - j, end = out + (<usize>(vectors * depth) << 4);
    let row = b + (<usize>j << 2);
    if (vectors == 5 && width >= 20) {
      for (; out < end; out += 80, row += stride) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
        v128.store(out, v128.load(row, 32), 32);
        v128.store(out, v128.load(row, 48), 48);
        v128.store(out, v128.load(row, 64), 64);
      }
    } else if (vectors == 4 && width >= 16) {
      for (; out < end; out += 64, row += stride) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
        v128.store(out, v128.load(row, 32), 32);
        v128.store(out, v128.load(row, 48), 48);
      }
    } else if (vectors == 2 && width >= 8) {
      for (; out < end; out += 32, row += stride) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
      }
    } else {
      memory.fill(out, 0, end - out);
      for (; out < end; out += <usize>vectors << 4, row += stride) {
        for (let i = 0; i < width; i++) store<f32>(out + (<usize>i << 2), load<f32>(row + (<usize>i << 2)));
      }
    }
  }
}

/** The same panels from a transposed B: its rows are the columns of op(B). */
function packTransposed(b: usize, ldb: i32, depth: i32, columns: i32, fiveFrom: i32): void {
  const stride = <usize>ldb << 2;
  let panel: usize = packedB;
  for (let j = 0, vectors = 0; j < columns; j += vectors << 2) {
    vectors = panelVectors(j, columns, fiveFrom);
    for (let v = 0; v < vectors; v++) {
      const first = j + (v << 2), out = panel + (<usize>v << 4);
      packFourColumns(b + <usize>first * stride, stride, depth, out, <usize>vectors << 4, min(4, columns - first));
    }
    panel += <usize>(vectors * depth) << 4;
  }
}

/** Up to four columns of op(B) into one vector of each row of a panel, four by four elements at a time. */
function packFourColumns(b: usize, stride: usize, depth: i32, out: usize, outStride: usize, columns: i32): void {
  let p = 0;
  if (columns == 4) {
    const b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
    for (; p + 4 <= depth; p += 4) {
      const o = <usize>p << 2;
      const r0 = v128.load(b + o), r1 = v128.load(b1 + o), r2 = v128.load(b2 + o), r3 = v128.load(b3 + o);
      const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      v128.store(out, i64x2.shuffle(low01, low23, 0, 2));
      out += outStride;
      v128.store(out, i64x2.shuffle(low01, low23, 1, 3));
      out += outStride;
      v128.store(out, i64x2.shuffle(high01, high23, 0, 2));
      out += outStride;
      v128.store(out, i64x2.shuffle(high01, high23, 1, 3));
      out += outStride;
    }
  }
  for (; p < depth; p++) {
    for (let i = 0; i < 4; i++) {
      const value: f32 = i < columns ? load<f32>(b + <usize>i * stride + (<usize>p << 2)) : 0;
      store<f32>(out + (<usize>i << 2), value);
    }
    out += outStride;
  }
}
