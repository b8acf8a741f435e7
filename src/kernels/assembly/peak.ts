/**
 * The ceiling of multiply-then-add arithmetic on 128-bit vectors: accumulators in registers and nothing else, twelve
 * chains so that the latency of one is hidden behind the others.
 * One iteration is twelve multiplications and twelve additions of four lanes, 96 floating-point operations.
 */
export function registerPeak(iterations: i32): f32 {
  const x = f32x4.splat(1e-9);
  let s0 = f32x4.splat(1), s1 = f32x4.splat(2), s2 = f32x4.splat(3), s3 = f32x4.splat(4);
  let s4 = f32x4.splat(5), s5 = f32x4.splat(6), s6 = f32x4.splat(7), s7 = f32x4.splat(8);
  let s8 = f32x4.splat(9), s9 = f32x4.splat(10), s10 = f32x4.splat(11), s11 = f32x4.splat(12);
  for (let left = iterations; left > 0; left--) {
    s0 = f32x4.add(f32x4.mul(s0, x), s0);
    s1 = f32x4.add(f32x4.mul(s1, x), s1);
    s2 = f32x4.add(f32x4.mul(s2, x), s2);
    s3 = f32x4.add(f32x4.mul(s3, x), s3);
    s4 = f32x4.add(f32x4.mul(s4, x), s4);
    s5 = f32x4.add(f32x4.mul(s5, x), s5);
    s6 = f32x4.add(f32x4.mul(s6, x), s6);
    s7 = f32x4.add(f32x4.mul(s7, x), s7);
    s8 = f32x4.add(f32x4.mul(s8, x), s8);
    s9 = f32x4.add(f32x4.mul(s9, x), s9);
    s10 = f32x4.add(f32x4.mul(s10, x), s10);
    s11 = f32x4.add(f32x4.mul(s11, x), s11);
  }
  s0 = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  s4 = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  s8 = f32x4.add(f32x4.add(s8, s9), f32x4.add(s10, s11));
  return f32x4.extract_lane(f32x4.add(f32x4.add(s0, s4), s8), 0);
}
