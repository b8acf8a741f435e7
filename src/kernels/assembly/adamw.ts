/**
 * One step of AdamW (Loshchilov and Hutter 2019) in the order of operations of PyTorch:
 * w ← w·(1 − lr·decay); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − lr/c₁·m/(√v/√c₂ + ε).
 * correction1 and correction2 are 1 − β₁ᵗ and 1 − β₂ᵗ. Scalars are combined in double precision and then rounded.
 */
export function adamw(
  weights: usize, gradients: usize, moments1: usize, moments2: usize, count: i32,
  learningRate: f64, beta1: f64, beta2: f64, epsilon: f64, weightDecay: f64, correction1: f64, correction2: f64,
): void {
  const keep = <f32>(1 - learningRate * weightDecay), step = <f32>(learningRate / correction1);
  const old1 = <f32>beta1, new1 = <f32>(1 - beta1), old2 = <f32>beta2, new2 = <f32>(1 - beta2);
  const root = <f32>sqrt<f64>(correction2), small = <f32>epsilon;
  const whole = <usize>(count & ~3) << 2, end = <usize>count << 2;
  let o: usize = 0;
  while (o < whole) {
    const g = v128.load(gradients + o);
    const m = f32x4.add(
      f32x4.mul(f32x4.splat(old1), v128.load(moments1 + o)),
      f32x4.mul(f32x4.splat(new1), g),
    );
    const v = f32x4.add(
      f32x4.mul(f32x4.splat(old2), v128.load(moments2 + o)),
      f32x4.mul(f32x4.splat(new2), f32x4.mul(g, g)),
    );
    const spread = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(root)), f32x4.splat(small));
    const w = f32x4.mul(v128.load(weights + o), f32x4.splat(keep));
    v128.store(moments1 + o, m);
    v128.store(moments2 + o, v);
    v128.store(weights + o, f32x4.sub(w, f32x4.div(f32x4.mul(f32x4.splat(step), m), spread)));
    o += 16;
  }
  while (o < end) {
    const g = load<f32>(gradients + o);
    const m = old1 * load<f32>(moments1 + o) + new1 * g;
    const v = old2 * load<f32>(moments2 + o) + new2 * (g * g);
    store<f32>(moments1 + o, m);
    store<f32>(moments2 + o, v);
    store<f32>(weights + o, load<f32>(weights + o) * keep - (step * m) / (sqrt<f32>(v) / root + small));
    o += 4;
  }
}
