// Four vectors whose ten products feed the ten accumulators.
const operands = memory.data<f32>([1, 1, 1, 1, 1.5, 1.5, 1.5, 1.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25], 16);

/**
 * The ceiling of multiply-then-add arithmetic on 128-bit vectors: the ten accumulators of a matrix tile, with next to
 * no memory traffic. One iteration is ten multiplications and ten additions of four lanes, 80 floating-point
 * operations.
 * The four operands are loaded in every iteration, else the compiler would move the products out of the loop.
 */
export function registerPeak(iterations: i32): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
  for (let left = iterations; left > 0; left--) {
    const p = v128.load(operands), q = v128.load(operands, 16);
    const r = v128.load(operands, 32), t = v128.load(operands, 48);
    s0 = f32x4.add(s0, f32x4.mul(p, p));
    s1 = f32x4.add(s1, f32x4.mul(p, q));
    s2 = f32x4.add(s2, f32x4.mul(p, r));
    s3 = f32x4.add(s3, f32x4.mul(p, t));
    s4 = f32x4.add(s4, f32x4.mul(q, q));
    s5 = f32x4.add(s5, f32x4.mul(q, r));
    s6 = f32x4.add(s6, f32x4.mul(q, t));
    s7 = f32x4.add(s7, f32x4.mul(r, r));
    s8 = f32x4.add(s8, f32x4.mul(r, t));
    s9 = f32x4.add(s9, f32x4.mul(t, t));
  }
  s0 = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  s4 = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  return f32x4.extract_lane(f32x4.add(f32x4.add(s0, s4), f32x4.add(s8, s9)), 0);
}
