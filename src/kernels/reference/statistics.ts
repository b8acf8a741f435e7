export interface Statistics {
  sum: number;
  sumOfSquares: number;
  largestMagnitude: number;
  zeros: number;
  nans: number;
  infinities: number;
}

/** Largest magnitude passes over NaNs; the sums do not. */
export function statistics(x: Float32Array): Statistics {
  const result = {sum: 0, sumOfSquares: 0, largestMagnitude: 0, zeros: 0, nans: 0, infinities: 0};
  for (const value of x) {
    result.sum += value;
    result.sumOfSquares += value * value;
    if (Math.abs(value) > result.largestMagnitude) result.largestMagnitude = Math.abs(value);
    if (value === 0) result.zeros++;
    if (Number.isNaN(value)) result.nans++;
    if (Math.abs(value) === Number.POSITIVE_INFINITY) result.infinities++;
  }
  return result;
}

/** Numbers of finite non-zero elements with ⌊log₂|x|⌋ = minimumExponent + i; the outer bins hold all beyond. */
export function exponentHistogram(x: Float32Array, minimumExponent: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of x) {
    const magnitude = Math.abs(value);
    if (magnitude === 0 || !Number.isFinite(magnitude)) continue;
    let exponent = -149;
    while (magnitude >= 2 ** (exponent + 1)) exponent++;
    counts[Math.min(Math.max(exponent - minimumExponent, 0), bins - 1)]++;
  }
  return counts;
}

/** Elements with 0 < |x| ≤ low, and with |x| ≥ high. */
export function countMagnitudes(
  x: Float32Array,
  {low, high}: {low: number; high: number},
): {below: number; above: number} {
  const magnitudes = x.map(Math.abs);
  return {
    below: magnitudes.filter((magnitude) => magnitude > 0 && magnitude <= Math.fround(low)).length,
    above: magnitudes.filter((magnitude) => magnitude >= Math.fround(high)).length,
  };
}
