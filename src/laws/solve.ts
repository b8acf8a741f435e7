export interface Minimum {
  /** NaN where the function has no value anywhere in the interval. */
  readonly at: number;
  readonly value: number;
}

const golden = (3 - Math.sqrt(5)) / 2;

/**
 * The smallest value of `f` between `from` and `to`: a scan of `steps` intervals, then golden-section search around the
 * best of its points. Values that are not numbers count as infinitely large. `at` is exact to about half of the digits
 * of a double, as far as comparing values can tell; a minimum at an end is that end.
 */
export function minimise(f: (x: number) => number, from: number, to: number, steps = 100): Minimum {
  const value = (x: number): number => {
    const y = f(x);
    return Number.isNaN(y) ? Number.POSITIVE_INFINITY : y;
  };
  const points = Array.from({length: steps + 1}, (_, i) =>
    i === steps ? to : from + ((to - from) * i) / steps,
  );
  const values = points.map(value);
  const best = values.indexOf(Math.min(...values));
  if (values[best] === Number.POSITIVE_INFINITY) return {at: Number.NaN, value: Number.NaN};
  let [low, high] = [points[Math.max(0, best - 1)], points[Math.min(steps, best + 1)]];
  let [left, right] = [low + golden * (high - low), high - golden * (high - low)];
  let [atLeft, atRight] = [value(left), value(right)];
  const leastWidth = 1e-12 * (to - from); // around zero no width is small beside the ends
  while (high - low > 1e-9 * (Math.abs(low) + Math.abs(high)) + leastWidth && left < right) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = low + golden * (high - low);
      atLeft = value(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = high - golden * (high - low);
      atRight = value(right);
    }
  }
  const found = [low, high, points[best], (low + high) / 2];
  return found
    .map((at) => ({at, value: value(at)}))
    .reduce((smallest, other) => (other.value < smallest.value ? other : smallest));
}

/**
 * A root of `f` between `from` and `to` by bisection, down to neighbouring doubles; NaN where `f` has the same sign at
 * both ends.
 */
export function rootOf(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  const sign = Math.sign(f(low));
  if (sign === 0) return low;
  const other = Math.sign(f(high));
  if (other === 0) return high;
  if (!(sign * other < 0)) return Number.NaN;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    const here = Math.sign(f(middle));
    if (here === 0) return middle;
    if (here === sign) low = middle;
    else high = middle;
  }
}
