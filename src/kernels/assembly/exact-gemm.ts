// Sums of products without any rounding but the last, after U. Kulisch: an accumulator wide enough for every product of
// two float32 numbers, in digits of 32 bits that are kept in 64-bit integers, so that carries can wait to the end.

/** Bit 0 of the accumulator is worth 2^-300; the lowest product bit is 2^-298. */
const lowest: i32 = -300;
/** 600 bits for the largest product, and 31 for as many terms. */
const digitCount: i32 = 21;
const digits = memory.data(21 * 8, 8);

/**
 * C(m×n) = op(A)·op(B), or C + op(A)·op(B) with accumulate, each element the exact sum rounded once, to nearest even, to
 * a format of at most 24 significant bits whose subnormals end in 2^lastExponent and whose largest value is `largest`;
 * values beyond become infinite. Any NaN or opposite infinities give NaN, a zero sum is positive. Strides in elements.
 */
export function exactGemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, accumulate: i32,
  significantBits: i32, lastExponent: i32, largest: f32,
): void {
  const strideA = <usize>lda << 2, strideB = <usize>ldb << 2;
  const rowA: usize = transposeA ? 4 : strideA, stepA: usize = transposeA ? strideA : 4;
  const columnB: usize = transposeB ? strideB : 4, stepB: usize = transposeB ? 4 : strideB;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const cell = c + (<usize>(i * ldc + j) << 2);
      memory.fill(digits, 0, <usize>digitCount << 3);
      const addend = accumulate ? load<f32>(cell) : 0;
      let special = addProduct(addend, 1);
      let x = a + <usize>i * rowA, y = b + <usize>j * columnB;
      for (let p = 0; p < k; p++, x += stepA, y += stepB) special += addProduct(load<f32>(x), load<f32>(y));
      store<f32>(cell, special != 0 ? special : roundSum(significantBits, lastExponent, largest));
    }
  }
}

/** Adds x·y; returns what is infinite or NaN instead, else 0. */
@inline
function addProduct(x: f32, y: f32): f32 {
  const bitsX = reinterpret<u32>(x), bitsY = reinterpret<u32>(y);
  const fieldX = (bitsX >> 23) & 0xff, fieldY = (bitsY >> 23) & 0xff;
  if (fieldX == 255 || fieldY == 255) {
    const product = x * y;
    return product;
  }
  const integerX = <u64>((bitsX & 0x7fffff) | (<u32>(fieldX != 0) << 23));
  const integerY = <u64>((bitsY & 0x7fffff) | (<u32>(fieldY != 0) << 23));
  const product = integerX * integerY;
  // The last bits of x and y are worth 2^(field - 150).
  const at = <i32>(max(fieldX, 1) + max(fieldY, 1)) - 300 - lowest;
  const shift = <u64>(at & 31), digit = digits + (<usize>(at >> 5) << 3);
  const low = (product & 0xffffffff) << shift, high = (product >> 32) << shift;
  const sign = <i64>(<i32>(bitsX ^ bitsY) >> 31);
  add(digit, <i64>(low & 0xffffffff), sign);
  add(digit + 8, <i64>((low >> 32) + (high & 0xffffffff)), sign);
  add(digit + 16, <i64>(high >> 32), sign);
  return 0;
}

/** @param sign 0 or -1 */
@inline
function add(digit: usize, amount: i64, sign: i64): void {
  store<i64>(digit, load<i64>(digit) + ((amount ^ sign) - sign));
}

/** Propagates the carries of the digits times `sign`. @returns the carry out of the last: negative for a negative sum */
function carry(sign: i64): i64 {
  let over: i64 = 0;
  for (let i = 0; i < digitCount; i++) {
    const digit = digits + (<usize>i << 3), sum = load<i64>(digit) * sign + over;
    store<i64>(digit, sum & 0xffffffff);
    over = sum >> 32;
  }
  return over;
}

function roundSum(significantBits: i32, lastExponent: i32, largest: f32): f32 {
  let isNegative = false;
  if (carry(1) < 0) {
    // The digits are those of the sum plus 2^(32·digitCount): taken negatively, with the same carry out, they are |sum|.
    isNegative = true;
    carry(-1);
  }
  let top = digitCount - 1;
  while (top >= 0 && load<i64>(digits + (<usize>top << 3)) == 0) top--;
  if (top < 0) return 0;
  // The upper 64 bits or more; what lies below only matters as being there.
  let bits = <u64>load<i64>(digits + (<usize>top << 3)), exponent = lowest + (top << 5);
  const room = <i32>clz(bits);
  let rest: u64 = 0;
  if (top > 0) {
    const next = <u64>load<i64>(digits + (<usize>(top - 1) << 3));
    bits = (bits << 32) | next;
    exponent -= 32;
  }
  for (let i = 0; i < top - 1; i++) rest |= <u64>load<i64>(digits + (<usize>i << 3));
  // 33 to 64 significant bits with a digit below the top one; with the sticky bit, enough for 24 and a rest.
  const length = (top > 0 ? 96 : 64) - room;
  const last = max(exponent + length - significantBits, lastExponent), dropped = last - exponent;
  let steps: u64;
  if (dropped <= 0) steps = bits << <u64>(-dropped);
  else if (dropped > 64) steps = 0;
  else {
    steps = dropped == 64 ? 0 : bits >> <u64>dropped;
    const half = <u64>1 << <u64>(dropped - 1);
    const lost = dropped == 64 ? bits : bits & ((half << 1) - 1);
    if (lost > half || (lost == half && (rest != 0 || (steps & 1) != 0))) steps++;
  }
  const magnitude = <f32>(<f64>steps * reinterpret<f64>(<u64>(last + 1023) << 52));
  const result = magnitude > largest ? f32.POSITIVE_INFINITY : magnitude;
  return isNegative ? -result : result;
}
