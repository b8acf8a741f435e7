// Matrices whose blocks have a scale each; `../reference/blocks.ts` says what the results must be.
// `stride` counts the elements from one row to the next. Blocks at the right and lower edge may be smaller.
import {loadPart, loadUpToFour, storePart} from "./vector-math";

/** Room for the multipliers and scales of the blocks that are cast together, and for magnitudes of all of a matrix. */
const scratch = memory.data((2 * 2048 + 131072) * 4, 64);

/** Address of two arrays of 2048 floats and one of 131072. */
export function blockScratch(): usize {
  return scratch;
}

/** Writes the largest magnitude of each block, row-major; NaN where there is one. */
export function blockMagnitudes(
  x: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32, out: usize,
): void {
  const blocks = (columns + blockColumns - 1) / blockColumns;
  const rowBytes = <usize>stride << 2, outBytes = <usize>blocks << 2;
  for (let row = 0; row < rows; row += blockRows) {
    memory.fill(out, 0, outBytes);
    const end = x + <usize>min(blockRows, rows - row) * rowBytes;
    if (blockColumns == 1) {
      for (; x + 3 * rowBytes < end; x += rowBytes << 2) addColumnMagnitudes(x, rowBytes, 4, columns, out);
      for (; x < end; x += rowBytes) addColumnMagnitudes(x, rowBytes, 1, columns, out);
    }
    for (; x < end; x += rowBytes) addRowMagnitudes(x, columns, blockColumns, out);
    out += outBytes;
  }
}

/** Raises the magnitudes of a row of blocks to those of one row of elements. */
@inline
function addRowMagnitudes(x: usize, columns: i32, blockColumns: i32, out: usize): void {
  const mask = i32x4.splat(0x7fffffff);
  let left = columns;
  if ((blockColumns & 7) == 0 && blockColumns <= 64) {
    for (; left >= blockColumns << 2; left -= blockColumns << 2) {
      v128.store(out, i32x4.max_u(v128.load(out), fourMagnitudes(x, <usize>blockColumns << 2)));
      x += <usize>blockColumns << 4;
      out += 16;
    }
  }
  for (; left > 0; left -= blockColumns) {
    const width = min(blockColumns, left), rest = width & 3;
    // Magnitudes are ordered like their bits, with NaNs above infinity.
    let first = i32x4.splat(0), second = first;
    const pairs = x + (<usize>(width & ~7) << 2);
    for (; x < pairs; x += 32) {
      first = i32x4.max_u(first, v128.and(v128.load(x), mask));
      second = i32x4.max_u(second, v128.and(v128.load(x, 16), mask));
    }
    if (width & 4) {
      first = i32x4.max_u(first, v128.and(v128.load(x), mask));
      x += 16;
    }
    if (rest) {
      second = i32x4.max_u(second, v128.and(loadPart(x, rest), mask));
      x += <usize>rest << 2;
    }
    const lanes = i32x4.max_u(first, second);
    const halves = i32x4.max_u(lanes, i32x4.shuffle(lanes, lanes, 2, 3, 0, 1));
    const largest = i32x4.max_u(halves, i32x4.shuffle(halves, halves, 1, 0, 3, 2));
    store<u32>(out, max(load<u32>(out), <u32>i32x4.extract_lane(largest, 0)));
    out += 4;
  }
}

/** Of four neighbouring blocks of a multiple of eight elements. */
@inline
function fourMagnitudes(x: usize, blockBytes: usize): v128 {
  const a = lanesOfBlock(x, blockBytes), b = lanesOfBlock(x + blockBytes, blockBytes);
  const c = lanesOfBlock(x + (blockBytes << 1), blockBytes), d = lanesOfBlock(x + blockBytes * 3, blockBytes);
  // Each maximum halves the lanes that a block has: a, b, a, b and c, d, c, d, then one of each.
  const ab = i32x4.max_u(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.max_u(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.max_u(i32x4.shuffle(ab, cd, 0, 1, 4, 5), i32x4.shuffle(ab, cd, 2, 3, 6, 7));
}

/** Bits of the largest magnitudes of a block, spread over the lanes. */
@inline
function lanesOfBlock(x: usize, bytes: usize): v128 {
  const mask = i32x4.splat(0x7fffffff);
  let first = v128.and(v128.load(x), mask), second = v128.and(v128.load(x, 16), mask);
  const end = x + bytes;
  for (x += 32; x < end; x += 32) {
    first = i32x4.max_u(first, v128.and(v128.load(x), mask));
    second = i32x4.max_u(second, v128.and(v128.load(x, 16), mask));
  }
  return i32x4.max_u(first, second);
}

/** The same for blocks of one column, for one row or four; `rows` must be a constant. */
@inline
function addColumnMagnitudes(x: usize, rowBytes: usize, rows: i32, columns: i32, out: usize): void {
  const end = x + (<usize>(columns & ~3) << 2), rest = columns & 3;
  for (; x < end; x += 16) {
    v128.store(out, i32x4.max_u(v128.load(out), magnitudesOfColumns(x, rowBytes, rows, 4)));
    out += 16;
  }
  if (rest) storePart(out, i32x4.max_u(loadPart(out, rest), magnitudesOfColumns(x, rowBytes, rows, rest)), rest);
}

/** Of up to four columns. */
@inline
function magnitudesOfColumns(x: usize, rowBytes: usize, rows: i32, columns: i32): v128 {
  const mask = i32x4.splat(0x7fffffff);
  const first = v128.and(loadUpToFour(x, columns), mask);
  if (rows == 1) return first;
  const x2 = x + (rowBytes << 1);
  const second = v128.and(loadUpToFour(x + rowBytes, columns), mask);
  const third = v128.and(loadUpToFour(x2, columns), mask);
  const fourth = v128.and(loadUpToFour(x2 + rowBytes, columns), mask);
  return i32x4.max_u(i32x4.max_u(first, second), i32x4.max_u(third, fourth));
}

/** What `castBlocks` writes: cast(x · encode), that times the scale of the block, or times the outer one, too. */
enum Result { Element, Scaled, ScaledTwice }

/**
 * Casts with nearest even and saturation: out = (cast(x · encode) · decode) · outer, or of x / encode; without `decodes`
 * the elements alone.
 * Multipliers, scales and x must be finite, and the format must suit rounding by addition: 1 to 22 stored bits, and
 * largest · 2^(23 - mantissaBits) below 2^127. `out` may be `x`.
 */
export function castBlocks(
  x: usize, out: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32,
  encodes: usize, decodes: usize, outer: f32, divides: i32,
  mantissaBits: i32, minimumExponent: i32, largest: f32,
): void {
  const minimum = i32x4.splat((minimumExponent + 127) << 23), lift = i32x4.splat((23 - mantissaBits) << 23);
  const limit = f32x4.splat(largest), outers = f32x4.splat(outer);
  const blocks = (columns + blockColumns - 1) / blockColumns;
  const rowBytes = <usize>stride << 2, scaleBytes = <usize>blocks << 2;
  for (let row = 0; row < rows; row += blockRows) {
    const end = x + <usize>min(blockRows, rows - row) * rowBytes;
    for (; x < end; x += rowBytes) {
      if (!decodes) {
        if (divides) {
          castRow(x, out, columns, blockColumns, encodes, 0, true, Result.Element, outers, minimum, lift, limit);
        } else {
          castRow(x, out, columns, blockColumns, encodes, 0, false, Result.Element, outers, minimum, lift, limit);
        }
      } else if (divides) {
        castRow(x, out, columns, blockColumns, encodes, decodes, true, Result.ScaledTwice, outers, minimum, lift, limit);
      } else if (outer == 1) {
        castRow(x, out, columns, blockColumns, encodes, decodes, false, Result.Scaled, outers, minimum, lift, limit);
      } else {
        castRow(x, out, columns, blockColumns, encodes, decodes, false, Result.ScaledTwice, outers, minimum, lift, limit);
      }
      out += rowBytes;
    }
    encodes += scaleBytes;
    if (decodes) decodes += scaleBytes;
  }
}

/** One row; `divides` and `result` must be constants. */
@inline
function castRow(
  x: usize, out: usize, columns: i32, blockColumns: i32, encodes: usize, decodes: usize,
  divides: bool, result: Result, outers: v128, minimum: v128, lift: v128, limit: v128,
): void {
  if (blockColumns == 1) {
    const end = x + (<usize>(columns & ~3) << 2), rest = columns & 3;
    for (; x < end; x += 16) {
      const y = castVector(
        v128.load(x), v128.load(encodes), result == Result.Element ? outers : v128.load(decodes), divides, result, outers, minimum, lift, limit,
      );
      v128.store(out, y);
      out += 16;
      encodes += 16;
      decodes += 16;
    }
    if (rest) {
      const encode = loadPart(encodes, rest);
      const decode = result == Result.Element ? encode : loadPart(decodes, rest);
      const y = castVector(loadPart(x, rest), encode, decode, divides, result, outers, minimum, lift, limit);
      storePart(out, y, rest);
    }
    return;
  }
  for (let left = columns; left > 0; left -= blockColumns) {
    const width = min(blockColumns, left), rest = width & 3;
    const encode = v128.load32_splat(encodes);
    const decode = result == Result.Element ? encode : v128.load32_splat(decodes);
    encodes += 4;
    decodes += 4;
    const fours = x + (<usize>(width & ~15) << 2);
    for (; x < fours; x += 64) {
      const a = castVector(v128.load(x), encode, decode, divides, result, outers, minimum, lift, limit);
      const b = castVector(v128.load(x, 16), encode, decode, divides, result, outers, minimum, lift, limit);
      v128.store(out, a);
      v128.store(out, b, 16);
      const c = castVector(v128.load(x, 32), encode, decode, divides, result, outers, minimum, lift, limit);
      const d = castVector(v128.load(x, 48), encode, decode, divides, result, outers, minimum, lift, limit);
      v128.store(out, c, 32);
      v128.store(out, d, 48);
      out += 64;
    }
    const pairs = x + (<usize>(width & 8) << 2);
    for (; x < pairs; x += 32) {
      const first = v128.load(x), second = v128.load(x, 16);
      v128.store(out, castVector(first, encode, decode, divides, result, outers, minimum, lift, limit));
      v128.store(out, castVector(second, encode, decode, divides, result, outers, minimum, lift, limit), 16);
      out += 32;
    }
    if (width & 4) {
      v128.store(out, castVector(v128.load(x), encode, decode, divides, result, outers, minimum, lift, limit));
      x += 16;
      out += 16;
    }
    if (rest) {
      const y = castVector(loadPart(x, rest), encode, decode, divides, result, outers, minimum, lift, limit);
      storePart(out, y, rest);
      x += <usize>rest << 2;
      out += <usize>rest << 2;
    }
  }
}

/** Rounding by addition is explained at `roundByAddition` of the casts without scales. */
@inline
function castVector(
  x: v128, encode: v128, decode: v128, divides: bool, result: Result,
  outers: v128, minimum: v128, lift: v128, limit: v128,
): v128 {
  const scaled = divides ? f32x4.div(x, encode) : f32x4.mul(x, encode);
  const magnitude = f32x4.pmin(v128.and(scaled, i32x4.splat(0x7fffffff)), limit);
  const c = i32x4.add(i32x4.max_u(v128.and(magnitude, i32x4.splat(0x7f800000)), minimum), lift);
  const rounded = f32x4.sub(f32x4.add(magnitude, c), c);
  const element = v128.or(rounded, v128.and(scaled, i32x4.splat(0x80000000)));
  if (result == Result.Element) return element;
  const value = f32x4.mul(element, decode);
  return result == Result.Scaled ? value : f32x4.mul(value, outers);
}

/**
 * out = (x · factor) · outer with one factor for each block, or (x / factor) · outer. NaN results have the bits
 * 0x7fc00000. `out` may be `x`.
 */
export function scaleBlocks(
  x: usize, out: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32,
  factors: usize, outer: f32, divides: i32,
): void {
  const outers = f32x4.splat(outer);
  const blocks = (columns + blockColumns - 1) / blockColumns;
  const rowBytes = <usize>stride << 2, factorBytes = <usize>blocks << 2;
  for (let row = 0; row < rows; row += blockRows) {
    const end = x + <usize>min(blockRows, rows - row) * rowBytes;
    for (; x < end; x += rowBytes) {
      scaleRow(x, out, columns, blockColumns, factors, outers, divides);
      out += rowBytes;
    }
    factors += factorBytes;
  }
}

@inline
function scaleRow(
  x: usize, out: usize, columns: i32, blockColumns: i32, factors: usize, outers: v128, divides: i32,
): void {
  if (blockColumns == 1) {
    const end = x + (<usize>(columns & ~3) << 2), rest = columns & 3;
    for (; x < end; x += 16) {
      v128.store(out, scaleVector(v128.load(x), v128.load(factors), outers, divides));
      out += 16;
      factors += 16;
    }
    if (rest) storePart(out, scaleVector(loadPart(x, rest), loadPart(factors, rest), outers, divides), rest);
    return;
  }
  for (let left = columns; left > 0; left -= blockColumns) {
    const width = min(blockColumns, left), rest = width & 3;
    const factor = v128.load32_splat(factors), end = x + (<usize>(width & ~3) << 2);
    factors += 4;
    for (; x < end; x += 16) {
      v128.store(out, scaleVector(v128.load(x), factor, outers, divides));
      out += 16;
    }
    if (rest) {
      storePart(out, scaleVector(loadPart(x, rest), factor, outers, divides), rest);
      x += <usize>rest << 2;
      out += <usize>rest << 2;
    }
  }
}

@inline
function scaleVector(x: v128, factor: v128, outers: v128, divides: i32): v128 {
  const y = f32x4.mul(divides ? f32x4.div(x, factor) : f32x4.mul(x, factor), outers);
  return v128.bitselect(i32x4.splat(0x7fc00000), y, f32x4.ne(y, y));
}
