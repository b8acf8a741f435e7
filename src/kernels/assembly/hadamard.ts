// The random Hadamard transform of size 16; `../reference/hadamard.ts` states the order of the additions.

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

/** Transforms every sixteen rows of a row-major matrix, column by column; `rows` is a multiple of 16. `out` may be `x`. */
export function hadamardColumns(x: usize, out: usize, rows: i32, columns: i32, negativeSigns: i32): void {
  const rowBytes = <usize>columns << 2;
  for (let row = 0; row < rows; row += 16) {
    for (let i: usize = 0; i < 16; i++) {
      const sign: f32 = (negativeSigns >> <i32>i) & 1 ? -1 : 1;
      multiplyRow(x + i * rowBytes, out + i * rowBytes, columns, sign);
    }
    for (let distance: usize = 1; distance < 16; distance <<= 1) {
      for (let i: usize = 0; i < 16; i++) {
        if (i & distance) continue;
        butterflyRows(out + i * rowBytes, out + (i + distance) * rowBytes, columns);
      }
    }
    multiplyRow(out, out, columns << 4, 0.25);
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

@inline
function multiplyRow(x: usize, out: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (const whole = x + (<usize>(count & ~3) << 2); x < whole; x += 16) {
    v128.store(out, f32x4.mul(v128.load(x), factors));
    out += 16;
  }
  for (let rest = count & 3; rest > 0; rest--) {
    store<f32>(out, load<f32>(x) * factor);
    x += 4;
    out += 4;
  }
}

/** (a, b) becomes (a + b, a − b). */
@inline
function butterflyRows(a: usize, b: usize, count: i32): void {
  for (const whole = a + (<usize>(count & ~3) << 2); a < whole; a += 16) {
    const x = v128.load(a), y = v128.load(b);
    v128.store(a, f32x4.add(x, y));
    v128.store(b, f32x4.sub(x, y));
    b += 16;
  }
  for (let rest = count & 3; rest > 0; rest--) {
    const x = load<f32>(a), y = load<f32>(b);
    store<f32>(a, x + y);
    store<f32>(b, x - y);
    a += 4;
    b += 4;
  }
}
