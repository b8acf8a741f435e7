const {fround} = Math;

/** Σ values in float32 as a vector of four lanes adds them: one sum per residue of the index, then (0 + 2) + (1 + 3). */
export function sumInFourLanes(values: ArrayLike<number>): number {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) sums[i % 4] = fround(sums[i % 4] + values[i]);
  return fround(fround(sums[0] + sums[2]) + fround(sums[1] + sums[3]));
}
