/** Places of differences: nearly linear up to one of them, nearly logarithmic beyond. */
export const signedPlace = (difference: number, linearUpTo: number): number =>
  Math.sign(difference) * Math.log1p(Math.abs(difference) / linearUpTo);

/** Round differences for an axis of `signedPlace` between two of them, not too near each other. */
export function signedTicks(low: number, high: number, linearUpTo: number, most: number): number[] {
  const sizes = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
  const all = [...sizes.map((size) => -size).reverse(), 0, ...sizes];
  const place = (tick: number) => signedPlace(tick, linearUpTo);
  const room = (place(high) - place(low)) / most;
  const kept = [0];
  for (const tick of all.filter((size) => size >= low && size <= high)) {
    if (kept.every((other) => Math.abs(place(other) - place(tick)) >= room)) kept.push(tick);
  }
  return kept.sort((a, b) => a - b);
}

/** "+0.03", "−0.1", "0". */
export const signedText = (difference: number): string =>
  difference === 0 ? "0" : `${difference > 0 ? "+" : "−"}${Math.abs(difference)}`;
