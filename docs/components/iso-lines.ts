/** Values at the nodes of a lattice, row by row from the lowest one; NaN where there is none. */
export interface Lattice {
  readonly columns: number;
  readonly rows: number;
  readonly values: ArrayLike<number>;
}

/** A line on which the lattice, interpolated linearly along its edges, has one value. */
export interface IsoLine {
  readonly level: number;
  /** Columns and rows by turns, as fractions of nodes: x₀, y₀, x₁, y₁ … */
  readonly points: readonly number[];
}

/**
 * Lines of equal value by marching squares: each crosses an edge of the lattice where linear interpolation between its two
 * nodes gives the level. Squares with a node without value have no lines. `levels` ascend.
 */
export function isoLines(lattice: Lattice, levels: readonly number[]): IsoLine[] {
  const {columns, rows, values} = lattice;
  const links = levels.map(() => new Map<number, number[]>());
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const at = j * columns + i;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
      const low = Math.min(a, b, c, d);
      const high = Math.max(a, b, c, d);
      if (!(high > low)) continue; // flat, or without value
      if (high === Number.POSITIVE_INFINITY) continue;
      for (let k = firstAbove(levels, low); k < levels.length && levels[k] <= high; k++) {
        linkSquare(links[k], lattice, at, levels[k]);
      }
    }
  }
  return links.flatMap((ends, k) => joined(ends).map((edges) => lineThrough(lattice, edges, levels[k])));
}

/** Index of the first level above a value. */
function firstAbove(levels: readonly number[], value: number): number {
  let k = 0;
  while (k < levels.length && levels[k] <= value) k++;
  return k;
}

/** Edges are numbered by their first node: twice its index for the one to the right, one more for the one upwards. */
function linkSquare(
  ends: Map<number, number[]>,
  {columns, values}: Lattice,
  at: number,
  level: number,
): void {
  const corners = [at, at + 1, at + columns + 1, at + columns];
  const isAbove = corners.map((node) => values[node] >= level);
  const edges = [2 * at, 2 * (at + 1) + 1, 2 * (at + columns), 2 * at + 1]; // below, right, above, left
  const crossed = edges.filter((_, side) => isAbove[side] !== isAbove[(side + 1) % 4]);
  if (crossed.length === 2) link(ends, crossed[0], crossed[1]);
  if (crossed.length !== 4) return;
  // A saddle: its middle says which corners belong together.
  const middle = corners.reduce((sum, node) => sum + values[node], 0) / 4 >= level;
  const [below, right, above, left] = edges;
  if (middle === isAbove[0]) {
    link(ends, below, right);
    link(ends, above, left);
  } else {
    link(ends, below, left);
    link(ends, above, right);
  }
}

function link(ends: Map<number, number[]>, from: number, to: number): void {
  for (const [edge, other] of [
    [from, to],
    [to, from],
  ]) {
    const others = ends.get(edge);
    if (others) others.push(other);
    else ends.set(edge, [other]);
  }
}

/** Edges in the order in which a line crosses them; a closed one ends where it began. */
function joined(ends: Map<number, number[]>): number[][] {
  const lines: number[][] = [];
  const follow = (start: number) => {
    const line = [start];
    for (let edge = start; ; ) {
      const next = ends.get(edge)?.pop();
      if (next === undefined) break;
      const back = ends.get(next)!;
      back.splice(back.indexOf(edge), 1);
      line.push(next);
      edge = next;
    }
    lines.push(line);
  };
  for (const [edge, others] of ends) if (others.length === 1) follow(edge); // open lines from their ends
  for (const [edge, others] of ends) if (others.length > 0) follow(edge);
  return lines;
}

function lineThrough({columns, values}: Lattice, edges: readonly number[], level: number): IsoLine {
  const points = edges.flatMap((edge) => {
    const node = edge >> 1;
    const other = edge % 2 === 0 ? node + 1 : node + columns;
    const share = (level - values[node]) / (values[other] - values[node]);
    const [x, y] = [node % columns, Math.floor(node / columns)];
    return edge % 2 === 0 ? [x + share, y] : [x, y + share];
  });
  return {level, points};
}
