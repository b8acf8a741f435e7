import {constant, copyPart, exponential, largestMagnitudeOfLanes, loadPart} from "./vector-math";

const lastX = memory.data(16, 16), lastY = memory.data(16, 16), lastDerivative = memory.data(16, 16);

/**
 * y = scale·gelu(x) and derivative = scale·gelu'(x), gelu(x) = x·Φ(x) with the exact normal distribution function:
 * gelu'(x) = Φ(x) + x·φ(x). y and derivative may each be x.
 * @returns the largest |y|; NaN if any element is NaN
 */
export function geluForward(x: usize, y: usize, derivative: usize, count: i32, scale: f32): f32 {
  const whole = x + (<usize>(count & ~3) << 2);
  const factor = f32x4.splat(scale);
  let magnitudes = i32x4.splat(0);
  while (x < whole) {
    const bytes = min(partBytes, whole - x);
    magnitudes = geluOfPart(x, y, derivative, bytes, factor, magnitudes);
    x += bytes;
    y += bytes;
    derivative += bytes;
  }
  const rest = count & 3;
  if (rest) {
    v128.store(lastX, loadPart(x, rest));
    magnitudes = geluOfPart(lastX, lastY, lastDerivative, 16, factor, magnitudes);
    copyPart(lastY, y, rest);
    copyPart(lastDerivative, derivative, rest);
  }
  return largestMagnitudeOfLanes(magnitudes);
}

/** Of geluOfPart: coefficients of P and of Q; 1/√(2π); −1/2; the bound of z. */
const coefficients = memory.data<f32>([
  0.5, 0.437250809787802, 0.18246177034122563, 0.04037253773658422, 0.004077608681259085,
  1, 1.6723865749619877, 1.1992904493312901, 0.4674289451762708, 0.1012057546339664, 0.010220920458803021,
  0.3989422804014327, -0.5, 16,
], 16);

/** Of geluOfPart: the bits of a magnitude, of the sign, and of the upper half of a number's digits. */
const masks = memory.data<u32>([0x7fffffff, 0x80000000, 0xfffff000], 16);

/**
 * Elements that take a step before any takes the next; what lies between the steps stays in the first cache. In one
 * long chain for each vector most operations would wait, and a processor has room for few that do.
 */
const partBytes: usize = 1024;
const zs = memory.data(1024, 64), tails = memory.data(1024, 64), bells = memory.data(1024, 64);

/**
 * With z = |x|: Φ(−z) = e^(−z²/2)·P(z)/Q(z), where P/Q approximates erfcx(z/√2)/2 on 0 ≤ z ≤ 14 (rational minimax
 * fit, relative error 5.6e-9; all coefficients positive, so nothing cancels). Beyond 14 the exponential is zero.
 * z² is split into h² + (z − h)(z + h), h being z with its last 12 bits cleared, so that the exponent keeps the
 * digits a rounded square would lose. Then gelu(x) = max(x, 0) − z·Φ(−z) and gelu'(x) = [x ≥ 0] ± (z·φ(z) − Φ(−z)).
 * Measured largest errors: gelu 4.0e-7 of itself, gelu' 4.5e-7 of itself but for 1.2e-7 absolute around its zero.
 * @returns the magnitudes, raised to those of y
 */
function geluOfPart(
  x: usize, y: usize, derivative: usize, bytes: usize, factor: v128, magnitudes: v128,
): v128 {
  reduceExponents(x, bytes);
  exponentials(bytes);
  numerators(bytes);
  quotients(bytes);
  const one = constant(coefficients, 5), density = constant(coefficients, 11), zero = f32x4.splat(0);
  const signs = constant(masks, 1);
  for (let o: usize = 0; o < bytes; o += 16) {
    const z = v128.load(zs + o), e = v128.load(bells + o), tail = f32x4.mul(e, v128.load(tails + o)); // Φ(−z)
    const slope = f32x4.sub(f32x4.mul(z, f32x4.mul(e, density)), tail); // z·φ(z) − Φ(−z)
    const value = v128.load(x + o);
    const step = v128.andnot(one, i32x4.shr_s(value, 31)); // 1 from +0 on
    const result = f32x4.mul(factor, f32x4.sub(f32x4.pmax(value, zero), f32x4.mul(z, tail)));
    v128.store(y + o, result);
    magnitudes = i32x4.max_u(magnitudes, v128.andnot(result, signs)); // as `raised`, with the constant at hand
    v128.store(
      derivative + o, f32x4.mul(factor, f32x4.add(step, v128.xor(slope, v128.and(value, signs)))),
    );
  }
  return magnitudes;
}

/** z, and with −z²/2 = n·ln 2 + r the remainder r and 2ⁿ, as in `expOfSum`. */
function reduceExponents(x: usize, bytes: usize): void {
  const magnitude = constant(masks, 0), largest = constant(coefficients, 13), upper = constant(masks, 2);
  const half = constant(coefficients, 12);
  const log2e = exponential(0), rounding = exponential(1), ln2 = exponential(2), ln2Rest = exponential(3);
  const one = exponential(9), zero = i32x4.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const z = f32x4.pmin(v128.and(v128.load(x + o), magnitude), largest);
    const h = v128.and(z, upper);
    const high = f32x4.mul(half, f32x4.mul(h, h));
    const low = f32x4.mul(half, f32x4.mul(f32x4.sub(z, h), f32x4.add(z, h)));
    const shifted = f32x4.add(f32x4.mul(high, log2e), rounding);
    const n = f32x4.sub(shifted, rounding);
    v128.store(zs + o, z);
    v128.store(
      tails + o, f32x4.add(f32x4.sub(high, f32x4.mul(n, ln2)), f32x4.add(f32x4.mul(n, ln2Rest), low)),
    );
    v128.store(bells + o, i32x4.max_s(i32x4.add(i32x4.shl(shifted, 23), one), zero));
  }
}

/** e^(−z²/2) = eʳ·2ⁿ */
function exponentials(bytes: usize): void {
  const q0 = exponential(4), q1 = exponential(5), q2 = exponential(6), q3 = exponential(7), q4 = exponential(8);
  const one = exponential(9);
  for (let o: usize = 0; o < bytes; o += 16) {
    const r = v128.load(tails + o), r2 = f32x4.mul(r, r);
    const q01 = f32x4.add(f32x4.mul(r, q1), q0);
    const q23 = f32x4.add(f32x4.mul(r, q3), q2);
    const q = f32x4.add(q01, f32x4.mul(r2, f32x4.add(q23, f32x4.mul(r2, q4))));
    v128.store(bells + o, f32x4.mul(f32x4.add(f32x4.add(f32x4.mul(q, r2), r), one), v128.load(bells + o)));
  }
}

/** P(z) */
function numerators(bytes: usize): void {
  const p0 = constant(coefficients, 0), p1 = constant(coefficients, 1), p2 = constant(coefficients, 2);
  const p3 = constant(coefficients, 3), p4 = constant(coefficients, 4);
  for (let o: usize = 0; o < bytes; o += 16) {
    const z = v128.load(zs + o), z2 = f32x4.mul(z, z);
    const p01 = f32x4.add(f32x4.mul(z, p1), p0), p23 = f32x4.add(f32x4.mul(z, p3), p2);
    v128.store(tails + o, f32x4.add(p01, f32x4.mul(z2, f32x4.add(p23, f32x4.mul(z2, p4)))));
  }
}

/** P(z)/Q(z) */
function quotients(bytes: usize): void {
  const q0 = constant(coefficients, 5), q1 = constant(coefficients, 6), q2 = constant(coefficients, 7);
  const q3 = constant(coefficients, 8), q4 = constant(coefficients, 9), q5 = constant(coefficients, 10);
  for (let o: usize = 0; o < bytes; o += 16) {
    const z = v128.load(zs + o), z2 = f32x4.mul(z, z);
    const q01 = f32x4.add(f32x4.mul(z, q1), q0), q23 = f32x4.add(f32x4.mul(z, q3), q2);
    const q45 = f32x4.add(f32x4.mul(z, q5), q4);
    const q = f32x4.add(q01, f32x4.mul(z2, f32x4.add(q23, f32x4.mul(z2, q45))));
    v128.store(tails + o, f32x4.div(v128.load(tails + o), q));
  }
}
