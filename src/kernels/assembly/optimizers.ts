// Steps of the optimizers other than AdamW. Scalars are combined in double precision and then rounded.

/**
 * One step of stochastic gradient descent with momentum in the order of operations of PyTorch, weight decay coupled:
 * g ← g + decay·w; m ← momentum·m + g; w ← w − lr·m.
 */
export function momentumStep(
  weights: usize, gradients: usize, moments: usize, count: i32,
  learningRate: f32, momentum: f32, weightDecay: f32,
): void {
  const whole = <usize>(count & ~3) << 2, end = <usize>count << 2;
  let o: usize = 0;
  while (o < whole) {
    const w = v128.load(weights + o);
    const g = f32x4.add(v128.load(gradients + o), f32x4.mul(f32x4.splat(weightDecay), w));
    const m = f32x4.add(f32x4.mul(f32x4.splat(momentum), v128.load(moments + o)), g);
    v128.store(moments + o, m);
    v128.store(weights + o, f32x4.sub(w, f32x4.mul(f32x4.splat(learningRate), m)));
    o += 16;
  }
  while (o < end) {
    const w = load<f32>(weights + o);
    const m = momentum * load<f32>(moments + o) + (load<f32>(gradients + o) + weightDecay * w);
    store<f32>(moments + o, m);
    store<f32>(weights + o, w - learningRate * m);
    o += 4;
  }
}

/**
 * One step of Lion (Chen and others 2023, algorithm 2):
 * w ← w·(1 − lr·decay) − lr·sign(β₁m + (1 − β₁)g); m ← β₂m + (1 − β₂)g. The sign of zero is zero.
 */
export function lionStep(
  weights: usize, gradients: usize, moments: usize, count: i32,
  learningRate: f64, beta1: f64, beta2: f64, weightDecay: f64,
): void {
  const keep = <f32>(1 - learningRate * weightDecay), step = <f32>learningRate;
  const old1 = <f32>beta1, new1 = <f32>(1 - beta1), old2 = <f32>beta2, new2 = <f32>(1 - beta2);
  const end = <usize>count << 2;
  for (let o: usize = 0; o < end; o += 4) {
    const g = load<f32>(gradients + o);
    const m = load<f32>(moments + o);
    const c = old1 * m + new1 * g;
    const direction = c > 0 ? step : c < 0 ? -step : c;
    store<f32>(weights + o, load<f32>(weights + o) * keep - direction);
    store<f32>(moments + o, old2 * m + new2 * g);
  }
}

/**
 * The moments of a step of LAMB (You and others 2020, algorithm 2), and its direction before the trust ratio:
 * m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; direction = (m/c₁)/(√v/√c₂ + ε) + decay·w.
 * correction1 and correction2 are 1 − β₁ᵗ and 1 − β₂ᵗ.
 */
export function lambDirection(
  weights: usize, gradients: usize, moments1: usize, moments2: usize, direction: usize, count: i32,
  beta1: f64, beta2: f64, epsilon: f64, weightDecay: f64, correction1: f64, correction2: f64,
): void {
  const old1 = <f32>beta1, new1 = <f32>(1 - beta1), old2 = <f32>beta2, new2 = <f32>(1 - beta2);
  const first = <f32>(1 / correction1), root = <f32>sqrt<f64>(correction2), small = <f32>epsilon;
  const decay = <f32>weightDecay;
  const end = <usize>count << 2;
  for (let o: usize = 0; o < end; o += 4) {
    const g = load<f32>(gradients + o);
    const m = old1 * load<f32>(moments1 + o) + new1 * g;
    const v = old2 * load<f32>(moments2 + o) + new2 * (g * g);
    store<f32>(moments1 + o, m);
    store<f32>(moments2 + o, v);
    store<f32>(direction + o, (first * m) / (sqrt<f32>(v) / root + small) + decay * load<f32>(weights + o));
  }
}

/** Σx² in double precision: two lanes of even and odd elements, added at the end. */
export function sumOfSquares(x: usize, count: i32): f64 {
  let sums = f64x2.splat(0);
  const whole = x + (<usize>(count & ~1) << 2);
  while (x < whole) {
    const values = f64x2.promote_low_f32x4(v128.load64_zero(x));
    sums = f64x2.add(sums, f64x2.mul(values, values));
    x += 8;
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (count & 1) {
    const last = <f64>load<f32>(x);
    sum += last * last;
  }
  return sum;
}
