const {fround} = Math;

export interface AdamwOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ after t steps, this one included. */
  readonly correction1: number;
  readonly correction2: number;
}

/**
 * One step of AdamW: w ← w·(1 − lr·decay); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − lr/c₁·m/(√v/√c₂ + ε).
 * Scalars are combined in double precision; each operation on a tensor is rounded to float32.
 */
export function adamw(
  weights: Float32Array,
  gradients: Float32Array,
  moments1: Float32Array,
  moments2: Float32Array,
  {learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2}: AdamwOptions,
): void {
  const keep = fround(1 - learningRate * weightDecay);
  const step = fround(learningRate / correction1);
  const root = fround(Math.sqrt(correction2));
  for (let i = 0; i < weights.length; i++) {
    const g = gradients[i];
    const m = fround(fround(fround(beta1) * moments1[i]) + fround(fround(1 - beta1) * g));
    const v = fround(fround(fround(beta2) * moments2[i]) + fround(fround(1 - beta2) * fround(g * g)));
    const spread = fround(fround(fround(Math.sqrt(v)) / root) + fround(epsilon));
    moments1[i] = m;
    moments2[i] = v;
    weights[i] = fround(weights[i] * keep) - fround(fround(step * m) / spread);
  }
}
