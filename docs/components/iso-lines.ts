/** Values at the nodes of a lattice, row by row from the lowest one; NaN where there is none. */
interface Lattice {
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
  const {columns, rows} = lattice;
  const bands = bandsOf(lattice, levels);
  const crossed: number[][] = levels.map(() => []); // squares by level, known by their first node
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0, at = j * columns; i + 1 < columns; i++, at++) {
      const [a, b, c, d] = [bands[at], bands[at + 1], bands[at + columns], bands[at + columns + 1]];
      if (a === b && a === c && a === d) continue;
      const low = Math.min(a, b, c, d);
      if (low < 0) continue;
      const high = Math.max(a, b, c, d);
      for (let k = low; k < high; k++) crossed[k].push(at);
    }
  }
  // Both neighbours of each edge along a line, plus one; used for one level after the other.
  const links = new Int32Array(4 * columns * rows);
  return levels.flatMap((level, k) => {
    for (const at of crossed[k]) linkSquare(links, lattice, at, {level, k, bands});
    return joined(links, crossed[k], lattice).map((edges) => lineThrough(lattice, edges, level));
  });
}

/** How many levels each node is not below; −1 where it has no value. */
function bandsOf({values}: Lattice, levels: readonly number[]): Int16Array {
  const bands = new Int16Array(values.length);
  for (let i = 0; i < bands.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) bands[i] = -1;
    else {
      let band = 0;
      while (band < levels.length && levels[band] <= value) band++;
      bands[i] = band;
    }
  }
  return bands;
}

/** Edges are numbered by their first node: twice its index for the one to the right, one more for the one upwards. */
const edgesOf = (at: number, columns: number) =>
  [2 * at, 2 * (at + 1) + 1, 2 * (at + columns), 2 * at + 1] as const; // below, right, above, left

function linkSquare(
  links: Int32Array,
  {columns, values}: Lattice,
  at: number,
  {level, k, bands}: {level: number; k: number; bands: Int16Array},
): void {
  const [a, b, c, d] = [at, at + 1, at + columns + 1, at + columns];
  const [isA, isB, isC, isD] = [bands[a] > k, bands[b] > k, bands[c] > k, bands[d] > k];
  const [below, right, above, left] = edgesOf(at, columns);
  if (isA === isC && isB === isD && isA !== isB) {
    // A saddle: its middle says which corners belong together.
    const isMiddle = (values[a] + values[b] + values[c] + values[d]) / 4 >= level;
    link(links, below, isMiddle === isA ? right : left);
    link(links, above, isMiddle === isA ? left : right);
    return;
  }
  let first = -1;
  const meet = (edge: number) => {
    if (first < 0) first = edge;
    else link(links, first, edge);
  };
  if (isA !== isB) meet(below);
  if (isB !== isC) meet(right);
  if (isC !== isD) meet(above);
  if (isD !== isA) meet(left);
}

function link(links: Int32Array, from: number, to: number): void {
  links[2 * from + (links[2 * from] === 0 ? 0 : 1)] = to + 1;
  links[2 * to + (links[2 * to] === 0 ? 0 : 1)] = from + 1;
}

/** Takes the links apart into lines: edges in the order in which a line crosses them; a closed one ends where it began. */
function joined(links: Int32Array, squares: readonly number[], {columns}: Lattice): number[][] {
  const lines: number[][] = [];
  const follow = (start: number) => {
    const line = [start];
    for (let edge = start; ; ) {
      const side = links[2 * edge] > 0 ? 0 : 1;
      const next = links[2 * edge + side] - 1;
      if (next < 0) break;
      links[2 * edge + side] = 0;
      links[2 * next + (links[2 * next] === edge + 1 ? 0 : 1)] = 0;
      line.push(next);
      edge = next;
    }
    lines.push(line);
  };
  // Open lines from their ends, which have one neighbour; then what is left, closed ones.
  for (const isOpen of [true, false]) {
    for (const at of squares) {
      for (const edge of edgesOf(at, columns)) {
        const neighbours = (links[2 * edge] > 0 ? 1 : 0) + (links[2 * edge + 1] > 0 ? 1 : 0);
        if (neighbours === 1 || (neighbours === 2 && !isOpen)) follow(edge);
      }
    }
  }
  return lines;
}

function lineThrough({columns, values}: Lattice, edges: readonly number[], level: number): IsoLine {
  const points: number[] = [];
  for (const edge of edges) {
    const node = edge >> 1;
    const isAcross = edge % 2 === 0;
    const other = isAcross ? node + 1 : node + columns;
    const share = (level - values[node]) / (values[other] - values[node]);
    const x = node % columns;
    const y = (node - x) / columns;
    points.push(isAcross ? x + share : x, isAcross ? y : y + share);
  }
  return {level, points};
}
