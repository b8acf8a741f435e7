export interface Extent {
  /** Where the middle should be. */
  readonly middle: number;
  readonly size: number;
}

/** Neighbours that touch: they move as one. */
interface Cluster {
  readonly members: readonly number[];
  readonly size: number;
  /** Sum over the members of where the cluster would start if the member alone had its wish. */
  readonly wishes: number;
}

/**
 * Moves labels apart: the middles closest to the wanted ones (least squares, by pooling adjacent violators) such that
 * the extents neither overlap nor leave `bounds`, as long as they fit. The order of the result is that of the input.
 */
export function separate(extents: readonly Extent[], [start, end]: readonly [number, number]): number[] {
  const startOf = ({members, size, wishes}: Cluster) =>
    Math.max(start, Math.min(end - size, wishes / members.length));
  const clusters: Cluster[] = [];
  for (const i of extents.map((_, i) => i).sort((i, j) => extents[i].middle - extents[j].middle)) {
    const {middle, size} = extents[i];
    let cluster: Cluster = {members: [i], size, wishes: middle - size / 2};
    for (
      let left = clusters.at(-1);
      left && startOf(left) + left.size > startOf(cluster);
      left = clusters.at(-1)
    ) {
      cluster = {
        members: [...left.members, ...cluster.members],
        size: left.size + cluster.size,
        wishes: left.wishes + cluster.wishes - cluster.members.length * left.size,
      };
      clusters.pop();
    }
    clusters.push(cluster);
  }
  const middles: number[] = [];
  for (const cluster of clusters) {
    let edge = startOf(cluster);
    for (const i of cluster.members) {
      middles[i] = edge + extents[i].size / 2;
      edge += extents[i].size;
    }
  }
  return middles;
}
