export interface Extent {
  /** Where the middle should be. */
  readonly middle: number;
  readonly size: number;
}

/**
 * Middles as close to the wanted ones as a simple sweep gets them, such that the extents neither overlap nor leave
 * `bounds` (as long as they fit). The order of the result is that of the input.
 */
export function separate(extents: readonly Extent[], [start, end]: readonly [number, number]): number[] {
  const order = extents.map((_, i) => i).sort((i, j) => extents[i].middle - extents[j].middle);
  const middles = extents.map(({middle}) => middle);
  let edge = start;
  for (const i of order) {
    middles[i] = Math.max(middles[i], edge + extents[i].size / 2);
    edge = middles[i] + extents[i].size / 2;
  }
  edge = end;
  for (const i of order.reverse()) {
    middles[i] = Math.min(middles[i], edge - extents[i].size / 2);
    edge = middles[i] - extents[i].size / 2;
  }
  return middles;
}
