/** The functions of the kernels, which give the same bits everywhere. */
export interface Logarithms {
  log(x: number): number;
  exp(x: number): number;
}

/** Number, sum and maximum of log₂ |x| over the elements that are neither zero nor infinite nor NaN. */
export interface LogarithmStatistics {
  readonly count: number;
  readonly sum: number;
  readonly largest: number;
}

const ln2 = Math.LN2;
const {fround} = Math;

export function logarithmStatistics(x: Float32Array, {log}: Logarithms): LogarithmStatistics {
  let [count, sum, largest] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const value of x) {
    if (value === 0 || !Number.isFinite(value)) continue;
    const logarithm = log(Math.abs(value)) / ln2;
    sum += logarithm;
    count += 1;
    largest = Math.max(largest, logarithm);
  }
  return {count, sum, largest};
}

/** sign(x) · 2^(exponent · (log₂ |x| − shift)), computed in double precision; zeros, infinities and NaN stay. */
export function s2fp8Encode(x: Float32Array, exponent: number, shift: number, f: Logarithms): Float32Array {
  return x.map((value) => power(value, (logarithm) => exponent * (logarithm - shift), f));
}

/** sign(y) · 2^(log₂ |y| / exponent + shift), likewise. */
export function s2fp8Decode(y: Float32Array, exponent: number, shift: number, f: Logarithms): Float32Array {
  return y.map((value) => power(value, (logarithm) => logarithm / exponent + shift, f));
}

function power(value: number, map: (logarithm: number) => number, {log, exp}: Logarithms): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const magnitude = fround(exp(map(log(Math.abs(value)) / ln2) * ln2));
  return value < 0 ? -magnitude : magnitude;
}
