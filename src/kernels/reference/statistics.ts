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

/** Σ|x| in double precision, one sum per residue of the index modulo 4. */
export function sumOfMagnitudes(x: Float32Array): number {
  const sums = [0, 0, 0, 0];
  x.forEach((value, i) => {
    sums[i % 4] += Math.abs(value);
  });
  return sums[0] + sums[2] + (sums[1] + sums[3]);
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

export interface Comparison {
  readonly squaredErrors: number;
  readonly squares: number;
  readonly vanished: number;
  readonly overflowed: number;
  readonly zeros: number;
}

/**
 * What became of x in y: sums of (y − x)² and x² over what is finite in both, how many have become zero or have ceased
 * to be finite, and how many were zero.
 */
export function compareTensors(x: Float32Array, y: Float32Array): Comparison {
  let [squaredErrors, squares, vanished, overflowed, zeros] = [0, 0, 0, 0, 0];
  x.forEach((before, i) => {
    const after = y[i];
    if (before === 0) zeros++;
    else if (after === 0) vanished++;
    if (Number.isFinite(before) && !Number.isFinite(after)) overflowed++;
    if (!Number.isFinite(before) || !Number.isFinite(after)) return;
    squaredErrors += (after - before) ** 2;
    squares += before ** 2;
  });
  return {squaredErrors, squares, vanished, overflowed, zeros};
}

/** Different finite values among x; −0 and 0 are one unless zeros are signed. */
export function countCodes(x: Float32Array, signedZeros: boolean): number {
  const values = Array.from(x).filter(Number.isFinite);
  // A set does not tell −0 from 0.
  const hasBoth = values.some((value) => Object.is(value, -0)) && values.some((value) => Object.is(value, 0));
  return new Set(values).size + (signedZeros && hasBoth ? 1 : 0);
}

/** Spacing of the values of a format: 2^(max(⌊log₂|x|⌋, minimumExponent) − mantissaBits) at x. */
export interface Spacing {
  readonly mantissaBits: number;
  readonly minimumExponent: number;
}

/** Weights that change by less than half the spacing, after each has been multiplied by its scale. */
export function countSmallUpdates(
  before: Float32Array,
  after: Float32Array,
  scales: Float32Array,
  {mantissaBits, minimumExponent}: Spacing,
): number {
  return before.filter((w, i) => {
    let exponent = minimumExponent;
    while (2 ** (exponent + 1) <= Math.abs(w * scales[i])) exponent++;
    const change = Math.abs(Math.fround(after[i] - w) * scales[i]);
    return 2 * change < 2 ** (exponent - mantissaBits);
  }).length;
}
