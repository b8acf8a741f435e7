import {constant, copyPart, expOfSum, loadPart} from "./vector-math";

const lastY = memory.data(16, 16), lastDerivative = memory.data(16, 16);

/**
 * y = scale·gelu(x) and derivative = scale·gelu'(x), gelu(x) = x·Φ(x) with the exact normal distribution function:
 * gelu'(x) = Φ(x) + x·φ(x). y and derivative may each be x.
 */
export function geluForward(x: usize, y: usize, derivative: usize, count: i32, scale: f32): void {
  const whole = x + (<usize>(count & ~3) << 2);
  const factor = f32x4.splat(scale);
  while (x < whole) {
    geluOfVector(v128.load(x), y, derivative, factor);
    x += 16;
    y += 16;
    derivative += 16;
  }
  const rest = count & 3;
  if (rest) {
    geluOfVector(loadPart(x, rest), lastY, lastDerivative, factor);
    copyPart(lastY, y, rest);
    copyPart(lastDerivative, derivative, rest);
  }
}

/** Of geluOfVector: coefficients of P and of Q; 1/√(2π); −1/2; the bound of z. */
const coefficients = memory.data<f32>([
  0.5, 0.437250809787802, 0.18246177034122563, 0.04037253773658422, 0.004077608681259085,
  1, 1.6723865749619877, 1.1992904493312901, 0.4674289451762708, 0.1012057546339664, 0.010220920458803021,
  0.3989422804014327, -0.5, 16,
], 16);

/** Of geluOfVector: the bits of a magnitude, of the sign, and of the upper half of a number's digits. */
const masks = memory.data<u32>([0x7fffffff, 0x80000000, 0xfffff000], 16);

/**
 * With z = |x|: Φ(−z) = e^(−z²/2)·P(z)/Q(z), where P/Q approximates erfcx(z/√2)/2 on 0 ≤ z ≤ 14 (rational minimax
 * fit, relative error 5.6e-9; all coefficients positive, so nothing cancels). Beyond 14 the exponential is zero.
 * z² is split into h² + (z − h)(z + h), h being z with its last 12 bits cleared, so that the exponent keeps the
 * digits a rounded square would lose. Then gelu(x) = max(x, 0) − z·Φ(−z) and gelu'(x) = [x ≥ 0] ± (z·φ(z) − Φ(−z)).
 * Measured largest errors: gelu 4.0e-7 of itself, gelu' 4.5e-7 of itself but for 1.2e-7 absolute around its zero.
 */
@inline
function geluOfVector(x: v128, y: usize, derivative: usize, factor: v128): void {
  const z = f32x4.pmin(v128.and(x, constant(masks, 0)), constant(coefficients, 13));
  const h = v128.and(z, constant(masks, 2));
  const half = constant(coefficients, 12);
  const high = f32x4.mul(half, f32x4.mul(h, h));
  const low = f32x4.mul(half, f32x4.mul(f32x4.sub(z, h), f32x4.add(z, h)));
  const e = expOfSum(high, low);
  const z2 = f32x4.mul(z, z);
  const p01 = f32x4.add(f32x4.mul(z, constant(coefficients, 1)), constant(coefficients, 0));
  const p23 = f32x4.add(f32x4.mul(z, constant(coefficients, 3)), constant(coefficients, 2));
  const p = f32x4.add(p01, f32x4.mul(z2, f32x4.add(p23, f32x4.mul(z2, constant(coefficients, 4)))));
  const one = constant(coefficients, 5);
  const q01 = f32x4.add(f32x4.mul(z, constant(coefficients, 6)), one);
  const q23 = f32x4.add(f32x4.mul(z, constant(coefficients, 8)), constant(coefficients, 7));
  const q45 = f32x4.add(f32x4.mul(z, constant(coefficients, 10)), constant(coefficients, 9));
  const q = f32x4.add(q01, f32x4.mul(z2, f32x4.add(q23, f32x4.mul(z2, q45))));
  const tail = f32x4.mul(e, f32x4.div(p, q)); // Φ(−z)
  const slope = f32x4.sub(f32x4.mul(z, f32x4.mul(e, constant(coefficients, 11))), tail); // z·φ(z) − Φ(−z)
  const step = v128.andnot(one, i32x4.shr_s(x, 31)); // 1 from +0 on
  const sign = v128.and(x, constant(masks, 1));
  v128.store(y, f32x4.mul(factor, f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(z, tail))));
  v128.store(derivative, f32x4.mul(factor, f32x4.add(step, v128.xor(slope, sign))));
}
