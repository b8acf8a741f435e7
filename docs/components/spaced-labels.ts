/** Where a label stands along an axis. */
export interface LabelExtent {
  readonly middle: number;
  readonly size: number;
}

/** The labels that keep a distance to each other: each, the most important first, that no earlier one is in the way of. */
export function spacedLabels<Label>(
  labels: readonly Label[],
  extentOf: (label: Label) => LabelExtent,
  distance = 6,
): Label[] {
  const kept: Label[] = [];
  for (const label of labels) {
    const {middle, size} = extentOf(label);
    const isFree = kept.map(extentOf).every((other) => {
      const between = Math.abs(other.middle - middle) - (other.size + size) / 2;
      return between >= distance;
    });
    if (isFree) kept.push(label);
  }
  return kept;
}
