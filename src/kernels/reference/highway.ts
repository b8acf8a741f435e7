const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** One row of a step of a recurrent highway cell; z₁ and z₂ are `z`, width values each. */
export interface HighwayRow {
  readonly z: ArrayLike<number>;
  readonly previous: ArrayLike<number>;
}

/** c = tanh(z₁), u = σ(z₂ − carryBias), next = (1 − u)·previous + u·c, in double precision. */
export function highwayForward(
  {z, previous}: HighwayRow,
  carryBias: number,
): {c: Float64Array; u: Float64Array; next: Float64Array} {
  const width = previous.length;
  const c = Float64Array.from({length: width}, (_, i) => Math.tanh(z[i]));
  const u = Float64Array.from({length: width}, (_, i) => sigmoid(z[width + i] - carryBias));
  const next = Float64Array.from({length: width}, (_, i) => (1 - u[i]) * previous[i] + u[i] * c[i]);
  return {c, u, next};
}

/** From g, the gradient of `next`, those of z and of `previous`. */
export function highwayBackward(
  {c, u}: {readonly c: ArrayLike<number>; readonly u: ArrayLike<number>},
  previous: ArrayLike<number>,
  g: ArrayLike<number>,
): {zGradient: Float64Array; previousGradient: Float64Array} {
  const width = previous.length;
  const zGradient = new Float64Array(2 * width);
  const previousGradient = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    zGradient[i] = g[i] * u[i] * (1 - c[i] * c[i]);
    zGradient[width + i] = g[i] * (c[i] - previous[i]) * u[i] * (1 - u[i]);
    previousGradient[i] = g[i] * (1 - u[i]);
  }
  return {zGradient, previousGradient};
}
