// Products accumulated in any format, rounding and order: `../reference/accumulate.ts` says what each means, and this
// follows it step by step. Every rounding is a prepared cast (cast-constants.ts) of a double that is exact, or rounded
// to odd, which is as good.
import {castDouble} from "./cast-exactly";
import {mixIndex, roundingKey} from "./rounding-bits";

/** Orders of summation. */
const sequential: i32 = 0, pairwise: i32 = 1;

/** Prepared casts: of products, of sums, of sums of blocks, and of what these two start from. */
let productCast: usize, sumCast: usize, outerCast: usize, startCast: usize, outerStartCast: usize;
let isProductExact: bool, order: i32, blockLength: i32, isCompensated: bool;
let isStochastic: bool, draws: u32;
const key = memory.data(16, 16);

/** Operands of the present element: addresses, and bytes from one product to the next. */
let operandA: usize, operandB: usize, stepA: usize, stepB: usize;

/** Subtrees of a pairwise sum that wait for others of their size. */
const subtreeSums = memory.data(32 * 8, 8), subtreeLevels = memory.data(32 * 4, 4);

/**
 * C(m×n) = op(A)·op(B), or C + op(A)·op(B) with accumulate. `casts` are five prepared casts, `castBytes` from one to the
 * next. Element (i, j) draws the random bits of step i·n + j, from `seed`.
 */
export function accumulateGemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, accumulate: i32,
  casts: usize, castBytes: i32, exactProduct: i32, summation: i32, block: i32, compensated: i32, promotion: i32,
  stochastic: i32, seed: u32,
): void {
  productCast = casts;
  sumCast = productCast + <usize>castBytes;
  outerCast = sumCast + <usize>castBytes;
  startCast = outerCast + <usize>castBytes;
  outerStartCast = startCast + <usize>castBytes;
  isProductExact = exactProduct != 0;
  order = summation;
  blockLength = block;
  isCompensated = compensated != 0;
  isStochastic = stochastic != 0;
  const strideA = <usize>lda << 2, strideB = <usize>ldb << 2;
  stepA = transposeA ? strideA : 4;
  stepB = transposeB ? 4 : strideB;
  for (let i = 0; i < m; i++) {
    operandA = a + <usize>i * (transposeA ? 4 : strideA);
    for (let j = 0; j < n; j++) {
      operandB = b + <usize>j * (transposeB ? strideB : 4);
      const cell = c + (<usize>(i * ldc + j) << 2);
      if (isStochastic) roundingKey(seed, 0, i * n + j, key);
      draws = 0;
      store<f32>(cell, sumElement(k, accumulate ? load<f32>(cell) : 0, promotion));
    }
  }
}

function sumElement(k: i32, start: f32, promotion: i32): f32 {
  if (promotion == 0) return <f32>sumRange(0, k, start);
  let total = start;
  for (let first = 0; first < k; first += promotion) {
    total = <f32>(<f64>total + sumRange(first, min(first + promotion, k), 0));
  }
  return total;
}

function sumRange(from: i32, to: i32, start: f64): f64 {
  if (order == sequential) return sumInOrder(from, to, roundStart(startCast, start));
  if (order == pairwise) return sumPairwise(from, to, roundStart(startCast, start));
  let total = roundStart(outerStartCast, start);
  for (let first = from; first < to; first += blockLength) {
    const block = sumInOrder(first, min(first + blockLength, to), 0);
    total = round(outerCast, addToOdd(total, block));
  }
  return total;
}

function sumInOrder(from: i32, to: i32, start: f64): f64 {
  if (isCompensated) return sumCompensated(from, to, start);
  let sum = start;
  for (let p = from; p < to; p++) sum = add(sum, product(p));
  return sum;
}

/** W. Kahan, "Further remarks on reducing truncation errors" (1965). */
function sumCompensated(from: i32, to: i32, start: f64): f64 {
  let sum = start, correction: f64 = 0;
  for (let p = from; p < to; p++) {
    const y = add(product(p), -correction), t = add(sum, y);
    correction = add(add(t, -sum), -y);
    sum = t;
  }
  return sum;
}

function sumPairwise(from: i32, to: i32, start: f64): f64 {
  let sum = start;
  for (let first = from; first < to; first += blockLength) {
    sum = add(sum, sumTree(first, min(first + blockLength, to)));
  }
  return sum;
}

function sumTree(from: i32, to: i32): f64 {
  let waiting = 0;
  for (let p = from; p < to; p++) {
    let sum = product(p), level = 0;
    while (waiting > 0 && load<i32>(subtreeLevels + (<usize>(waiting - 1) << 2)) == level) {
      waiting--;
      sum = add(load<f64>(subtreeSums + (<usize>waiting << 3)), sum);
      level++;
    }
    store<f64>(subtreeSums + (<usize>waiting << 3), sum);
    store<i32>(subtreeLevels + (<usize>waiting << 2), level);
    waiting++;
  }
  let sum = load<f64>(subtreeSums + (<usize>(--waiting) << 3));
  while (waiting > 0) sum = add(load<f64>(subtreeSums + (<usize>(--waiting) << 3)), sum);
  return sum;
}

@inline
function product(p: i32): f64 {
  const at = <usize>p, exact = <f64>load<f32>(operandA + at * stepA) * <f64>load<f32>(operandB + at * stepB);
  return isProductExact ? exact : round(productCast, exact);
}

@inline
function add(x: f64, y: f64): f64 {
  return round(sumCast, addToOdd(x, y));
}

function round(cast: usize, x: f64): f64 {
  let random: u32 = 0;
  if (isStochastic) {
    const bits = mixIndex(i32x4.splat(draws++), v128.load32_splat(key), v128.load32_splat(key, 4));
    random = i32x4.extract_lane(bits, 0);
  }
  // The sign of a NaN that arithmetic makes differs between processors: here it has none.
  const isNegative = reinterpret<i64>(x) < 0 && x == x;
  return <f64>castDouble(cast, x, isNegative, random);
}

@inline
function roundStart(cast: usize, x: f64): f64 {
  return <f64>castDouble(cast, x, reinterpret<i64>(x) < 0, 0);
}

/** x + y in double precision, the last bit set where the sum has more bits. */
@inline
function addToOdd(x: f64, y: f64): f64 {
  const sum = x + y;
  if (sum - sum != 0) return sum;
  const fromY = sum - x, error = x - (sum - fromY) + (y - fromY);
  const bits = reinterpret<i64>(sum);
  if (error == 0 || (bits & 1) != 0) return sum;
  return reinterpret<f64>(error > 0 == sum > 0 ? bits + 1 : bits - 1);
}
