// The random Hadamard transform of size 16; `../reference/hadamard.ts` states the order of the additions.
import {loadUpToFour, raised, storeUpToFour} from "./vector-math";

/** Transforms every sixteen elements of `count`, a multiple of 16. `out` may be `x`. */
export function hadamardRows(x: usize, out: usize, count: i32, negativeSigns: i32): void {
  const signs0 = signsOfFour(negativeSigns), signs1 = signsOfFour(negativeSigns >> 4);
  const signs2 = signsOfFour(negativeSigns >> 8), signs3 = signsOfFour(negativeSigns >> 12);
  const quarter = f32x4.splat(0.25);
  for (const end = x + (<usize>count << 2); x < end; x += 64) {
    // Within each vector over pairs 1 and 2 apart, then between vectors over pairs 4 and 8 apart.
    const a = withinFour(v128.xor(v128.load(x), signs0));
    const b = withinFour(v128.xor(v128.load(x, 16), signs1));
    const c = withinFour(v128.xor(v128.load(x, 32), signs2));
    const d = withinFour(v128.xor(v128.load(x, 48), signs3));
    const sum0 = f32x4.add(a, b), difference0 = f32x4.sub(a, b);
    const sum1 = f32x4.add(c, d), difference1 = f32x4.sub(c, d);
    v128.store(out, f32x4.mul(f32x4.add(sum0, sum1), quarter));
    v128.store(out, f32x4.mul(f32x4.add(difference0, difference1), quarter), 16);
    v128.store(out, f32x4.mul(f32x4.sub(sum0, sum1), quarter), 32);
    v128.store(out, f32x4.mul(f32x4.sub(difference0, difference1), quarter), 48);
    out += 64;
  }
}

/**
 * Transforms every sixteen rows of a row-major matrix, column by column; `rows` is a multiple of 16. `out` may be `x`.
 *
 * @param magnitudes where the largest results of each column in every `blockRows` rows are written, as `blockMagnitudes`
 *   does; 0 for nowhere
 * @param blockRows a multiple of 16
 */
export function hadamardColumns(
  x: usize, out: usize, rows: i32, columns: i32, negativeSigns: i32, magnitudes: usize, blockRows: i32,
): void {
  const rowBytes = <usize>columns << 2;
  for (let row = 0; row < rows; row += 16) {
    // Over pairs 1 and 2 apart, then over pairs 4 and 8 apart.
    for (let i = 0; i < 16; i += 4) {
      const first = <usize>i * rowBytes;
      mixFourRows(x + first, out + first, rowBytes, columns, true, negativeSigns >> i, 0);
    }
    if (magnitudes && row % blockRows == 0) memory.fill(magnitudes, 0, rowBytes);
    for (let i: usize = 0; i < 4; i++) {
      const four = out + i * rowBytes;
      if (magnitudes) mixFourRows(four, four, rowBytes << 2, columns, false, 0, magnitudes);
      else mixFourRows(four, four, rowBytes << 2, columns, false, 0, 0);
    }
    if (magnitudes && (row + 16) % blockRows == 0) magnitudes += rowBytes;
    x += rowBytes << 4;
    out += rowBytes << 4;
  }
}

/** Sign bits for the four lanes: those of the low four bits of `signs`. */
@inline
function signsOfFour(signs: i32): v128 {
  return i32x4.replace_lane(
    i32x4.replace_lane(
      i32x4.replace_lane(i32x4.splat((signs & 1) << 31), 1, (signs & 2) << 30),
      2,
      (signs & 4) << 29,
    ),
    3,
    (signs & 8) << 28,
  );
}

@inline
function withinFour(x: v128): v128 {
  // (x0 + x1, x0 − x1, x2 + x3, x2 − x3); a − b is a + (−b), bit for bit.
  const odd = i32x4.shuffle(x, x, 1, 1, 3, 3), even = i32x4.shuffle(x, x, 0, 0, 2, 2);
  const y = f32x4.add(even, v128.xor(odd, i32x4(0, 0x80000000, 0, 0x80000000)));
  const high = i32x4.shuffle(y, y, 2, 3, 2, 3), low = i32x4.shuffle(y, y, 0, 1, 0, 1);
  return f32x4.add(low, v128.xor(high, i32x4(0, 0, 0x80000000, 0x80000000)));
}

/**
 * Half of a transform: sums and differences over pairs of four rows, `stride` bytes apart, first of neighbours, then of
 * rows two apart. The first half begins with the signs that the low bits of `signs` say; the second ends with the
 * division, and raises the magnitudes of columns to those of the results, where there are any.
 *
 * @param isFirst which half; a constant
 */
@inline
function mixFourRows(
  x: usize, out: usize, stride: usize, columns: i32, isFirst: bool, signs: i32, magnitudes: usize,
): void {
  const signs0 = signOfAll(signs), signs1 = signOfAll(signs >> 1);
  const signs2 = signOfAll(signs >> 2), signs3 = signOfAll(signs >> 3);
  for (const whole = x + (<usize>(columns & ~3) << 2); x < whole; x += 16) {
    mixFourVectors(x, out, stride, 4, isFirst, signs0, signs1, signs2, signs3, magnitudes);
    out += 16;
    if (magnitudes) magnitudes += 16;
  }
  if (columns & 3) mixFourVectors(x, out, stride, columns & 3, isFirst, signs0, signs1, signs2, signs3, magnitudes);
}

@inline
function mixFourVectors(
  x: usize, out: usize, stride: usize, count: i32, isFirst: bool,
  signs0: v128, signs1: v128, signs2: v128, signs3: v128, magnitudes: usize,
): void {
  let a = loadUpToFour(x, count), b = loadUpToFour(x + stride, count);
  let c = loadUpToFour(x + (stride << 1), count), d = loadUpToFour(x + stride * 3, count);
  if (isFirst) {
    a = v128.xor(a, signs0);
    b = v128.xor(b, signs1);
    c = v128.xor(c, signs2);
    d = v128.xor(d, signs3);
  }
  const sum0 = f32x4.add(a, b), difference0 = f32x4.sub(a, b);
  const sum1 = f32x4.add(c, d), difference1 = f32x4.sub(c, d);
  let y0 = f32x4.add(sum0, sum1), y1 = f32x4.add(difference0, difference1);
  let y2 = f32x4.sub(sum0, sum1), y3 = f32x4.sub(difference0, difference1);
  if (!isFirst) {
    const quarter = f32x4.splat(0.25);
    y0 = f32x4.mul(y0, quarter);
    y1 = f32x4.mul(y1, quarter);
    y2 = f32x4.mul(y2, quarter);
    y3 = f32x4.mul(y3, quarter);
  }
  storeUpToFour(out, y0, count);
  storeUpToFour(out + stride, y1, count);
  storeUpToFour(out + (stride << 1), y2, count);
  storeUpToFour(out + stride * 3, y3, count);
  if (!magnitudes) return;
  const largest = raised(raised(raised(raised(loadUpToFour(magnitudes, count), y0), y1), y2), y3);
  storeUpToFour(magnitudes, largest, count);
}

/** The lowest bit as the sign of every lane. */
@inline
function signOfAll(signs: i32): v128 {
  return i32x4.splat(signs << 31);
}
