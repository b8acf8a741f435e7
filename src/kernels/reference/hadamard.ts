const {fround} = Math;

/** Elements that a transform mixes. */
export const hadamardSize = 16;

/**
 * (diag(σ) · x) · H / 4 for sixteen numbers, H the Hadamard matrix of Sylvester's construction, in float32 with the
 * additions of the fast transform: four rounds of a + b and a − b over pairs 1, 2, 4 and 8 apart, then the division.
 *
 * @param negativeSigns bit i is set where σ_i is −1
 */
export function hadamard(x: Float32Array, negativeSigns: number): Float32Array {
  let y = x.map((value, i) => ((negativeSigns >> i) & 1 ? -value : value));
  for (let distance = 1; distance < hadamardSize; distance *= 2) {
    y = y.map((value, i) => (i & distance ? y[i - distance] - value : fround(value + y[i + distance])));
  }
  return y.map((value) => value / 4);
}
