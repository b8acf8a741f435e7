/** gelu(x) = x·Φ(x) and gelu'(x) = Φ(x) + x·φ(x), in double precision. */
export function gelu(x: number): {value: number; derivative: number} {
  if (x === Number.NEGATIVE_INFINITY) return {value: 0, derivative: 0};
  if (x === Number.POSITIVE_INFINITY) return {value: x, derivative: 1};
  const tail = upperTail(Math.abs(x));
  const distribution = x < 0 ? tail : 1 - tail;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  return {value: x * distribution, derivative: distribution + x * density};
}

/** 1 − Φ(z) for z ≥ 0, to about 1e-14 of itself. */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    // Laplace's continued fraction: φ(z)/(z + 1/(z + 2/(z + 3/(z + …)))).
    let fraction = z;
    for (let n = 120; n > 0; n--) fraction = z + n / fraction;
    return density / fraction;
  }
  // Φ(z) = 1/2 + φ(z)·(z + z³/3 + z⁵/(3·5) + …)
  let term = z;
  let sum = z;
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return 0.5 - density * sum;
}
