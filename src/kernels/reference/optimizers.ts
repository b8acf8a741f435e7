const {fround} = Math;

export interface MomentumOptions {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** g ← g + decay·w; m ← momentum·m + g; w ← w − lr·m, each operation rounded to float32. */
export function momentumStep(
  weights: Float32Array,
  gradients: Float32Array,
  moments: Float32Array,
  {learningRate, momentum, weightDecay}: MomentumOptions,
): void {
  for (let i = 0; i < weights.length; i++) {
    const g = fround(gradients[i] + fround(fround(weightDecay) * weights[i]));
    moments[i] = fround(fround(fround(momentum) * moments[i]) + g);
    weights[i] -= fround(fround(learningRate) * moments[i]);
  }
}

export interface LionOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

/** w ← w·(1 − lr·decay) − lr·sign(β₁m + (1 − β₁)g); m ← β₂m + (1 − β₂)g. */
export function lionStep(
  weights: Float32Array,
  gradients: Float32Array,
  moments: Float32Array,
  {learningRate, beta1, beta2, weightDecay}: LionOptions,
): void {
  const keep = fround(1 - learningRate * weightDecay);
  const mix = (beta: number, m: number, g: number) =>
    fround(fround(fround(beta) * m) + fround(fround(1 - beta) * g));
  for (let i = 0; i < weights.length; i++) {
    const direction = Math.sign(mix(beta1, moments[i], gradients[i]));
    weights[i] = fround(weights[i] * keep) - fround(fround(learningRate) * direction);
    moments[i] = mix(beta2, moments[i], gradients[i]);
  }
}

export interface LambOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ after t steps, this one included. */
  readonly correction1: number;
  readonly correction2: number;
}

/** m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; direction = (m/c₁)/(√v/√c₂ + ε) + decay·w. */
export function lambDirection(
  weights: Float32Array,
  gradients: Float32Array,
  moments1: Float32Array,
  moments2: Float32Array,
  direction: Float32Array,
  {beta1, beta2, epsilon, weightDecay, correction1, correction2}: LambOptions,
): void {
  const first = fround(1 / correction1);
  const root = fround(Math.sqrt(correction2));
  for (let i = 0; i < weights.length; i++) {
    const g = gradients[i];
    const m = fround(fround(fround(beta1) * moments1[i]) + fround(fround(1 - beta1) * g));
    const v = fround(fround(fround(beta2) * moments2[i]) + fround(fround(1 - beta2) * fround(g * g)));
    moments1[i] = m;
    moments2[i] = v;
    const spread = fround(fround(fround(Math.sqrt(v)) / root) + fround(epsilon));
    direction[i] = fround(fround(first * m) / spread) + fround(fround(weightDecay) * weights[i]);
  }
}

/** Σx² in double precision, even and odd elements apart. */
export function sumOfSquares(x: Float32Array): number {
  let [even, odd] = [0, 0];
  for (let i = 0; i + 1 < x.length; i += 2) {
    even += x[i] * x[i];
    odd += x[i + 1] * x[i + 1];
  }
  const last = x.length % 2 === 1 ? x[x.length - 1] : 0;
  return even + odd + last * last;
}
