/** A value and its derivative. */
export interface Activated {
  readonly value: number;
  readonly derivative: number;
}

/** max(x, 0), with the derivative 0 at 0. */
export function relu(x: number): Activated {
  return {value: Math.max(x, 0), derivative: x > 0 ? 1 : 0};
}

/** x·σ(x) and σ(x)·(1 + x·σ(−x)), σ(x) = 1/(1 + e^(−x)), in double precision. */
export function silu(x: number): Activated {
  if (x === Number.NEGATIVE_INFINITY) return {value: 0, derivative: 0};
  if (x === Number.POSITIVE_INFINITY) return {value: x, derivative: 1};
  const up = 1 / (1 + Math.exp(-x));
  const down = 1 / (1 + Math.exp(x));
  return {value: x * up, derivative: up * (1 + x * down)};
}
