// The parameters of a matrix unit for one product, and its arithmetic on one element of C in scalar code: exact for any
// input. The vector kernels leave to it what they do not suit: infinities, NaN and the ends of the range of exponents.
// `../reference/unit-gemm.ts` says what each parameter means.

/** Output rules. */
export const cutTo24: i32 = 0, cutTo14: i32 = 1, toHalf: i32 = 2;

export let groupSize: i32, fractionBits: i32, output: i32, alignmentFloor: i32;
export let minimumExponentA: i32, minimumExponentB: i32, isInterleaved: bool;
/** Groups after which the sum leaves the unit; 0 for never. */
export let groupsInside: i32;
/** Groups in all, and elements of K with the zeros that fill them up. */
export let groups: i32, paddedK: i32;

/** Zero as an exponent in scalar code: below all sums. */
const noExponent: i32 = -100000;

export function setArithmetic(
  k: i32, group: i32, fraction: i32, rule: i32, floor: i32, minimumA: i32, minimumB: i32, promotion: i32,
  interleaved: i32,
): void {
  groupSize = group;
  fractionBits = fraction;
  output = rule;
  alignmentFloor = floor;
  minimumExponentA = minimumA;
  minimumExponentB = minimumB;
  isInterleaved = interleaved != 0;
  groupsInside = promotion / group;
  groups = groupCount(k, group, isInterleaved);
  paddedK = groups * group;
}

/** Interleaved groups come in pairs. */
export function groupCount(k: i32, group: i32, interleaved: bool): i32 {
  const block = interleaved ? group << 1 : group;
  return ((k + block - 1) / block) << i32(interleaved);
}

/** Where element p of K goes when the groups lie one behind the other. */
@inline
export function packedPosition(p: i32): i32 {
  if (!isInterleaved) return p;
  const within = p & 31;
  return (p & ~31) + (within & 2) * 8 + ((within >> 2) << 1) + (within & 1);
}

/** c + a·b; A along K is contiguous, B has a stride in elements; both packed, as f64 or as f32. */
export function unitElement(a: usize, b: usize, strideB: usize, isWide: bool, c: f64): f64 {
  const size: usize = isWide ? 8 : 4;
  let total = output == toHalf ? roundToHalf(c) : c;
  let sum: f64 = groupsInside ? 0 : total;
  let untilPromotion = groupsInside;
  for (let group = 0; group < groups; group++) {
    sum = groupStep(a, b, strideB, isWide, sum);
    a += <usize>groupSize * size;
    b += <usize>groupSize * strideB * size;
    if (groupsInside && (--untilPromotion == 0 || group + 1 == groups)) {
      total = output == toHalf ? roundToHalf(total + sum) : <f64>(<f32>(total + sum));
      sum = 0;
      untilPromotion = groupsInside;
    }
  }
  return groupsInside ? total : sum;
}

function groupStep(a: usize, b: usize, strideB: usize, isWide: bool, addend: f64): f64 {
  let special: f64 = addend - addend == 0 ? 0 : addend;
  let common = addend == 0 ? noExponent : max(exponentOf(addend), output == toHalf ? -14 : -126);
  for (let p = 0; p < groupSize; p++) {
    const x = element(a, p, 1, isWide), y = element(b, p, strideB, isWide), product = x * y;
    if (product - product != 0) special += product;
    else if (product != 0) {
      common = max(common, max(exponentOf(x), minimumExponentA) + max(exponentOf(y), minimumExponentB));
    }
  }
  if (special != 0) return special;
  if (common == noExponent) return 0;
  common = max(common, alignmentFloor);
  const scale = powerOfTwo(fractionBits - common);
  let sum = trunc(addend * scale);
  for (let p = 0; p < groupSize; p++) {
    sum += trunc(element(a, p, 1, isWide) * element(b, p, strideB, isWide) * scale);
  }
  return roundOutput(sum * powerOfTwo(common - fractionBits));
}

@inline
function element(x: usize, p: i32, stride: usize, isWide: bool): f64 {
  const at = <usize>p * stride;
  return isWide ? load<f64>(x + (at << 3)) : <f64>load<f32>(x + (at << 2));
}

/** floor(log2 |x|) of a double that is normal. */
@inline
function exponentOf(x: f64): i32 {
  return <i32>((reinterpret<u64>(x) >> 52) & 0x7ff) - 1023;
}

@inline
function powerOfTwo(exponent: i32): f64 {
  return reinterpret<f64>(<u64>(exponent + 1023) << 52);
}

function roundOutput(sum: f64): f64 {
  if (sum == 0) return 0;
  if (output == toHalf) return roundToHalf(sum);
  const last = max(exponentOf(sum), -126) - (output == cutTo24 ? 23 : 13);
  const cut = trunc(sum * powerOfTwo(-last)) * powerOfTwo(last);
  if (abs(cut) >= powerOfTwo(128)) return cut * f64.POSITIVE_INFINITY;
  return cut + 0;
}

/** To nearest even; zero is always positive. */
function roundToHalf(x: f64): f64 {
  if (x == 0 || x - x != 0) return x + 0;
  const carrier = 1.5 * powerOfTwo(max(exponentOf(x), -14) + 42);
  const rounded = x + carrier - carrier;
  return abs(rounded) > 65504 ? copysign(f64.POSITIVE_INFINITY, x) : rounded;
}

/** The next multiple of `to`, a power of two. */
export function padded(count: i32, to: i32): i32 {
  return (count + to - 1) & -to;
}
