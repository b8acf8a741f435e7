/** A row of `loaders/transfer.arrow`: one run. */
export interface TransferRow {
  readonly scheme: string;
  readonly recipe: string;
  readonly width: number;
  readonly learning_rate: number;
  readonly seed: number;
  /** Null where the run diverged. */
  readonly held_out_loss: number | null;
  readonly floor: number | null;
}

/** All seeds of one setting. */
export interface TransferPoint {
  readonly scheme: string;
  readonly recipe: string;
  readonly width: number;
  readonly learning_rate: number;
  readonly losses: readonly number[];
  /** Mean loss of the seeds; null where one of them diverged. */
  readonly loss: number | null;
}

/** The runs that differ in their seeds only, together. */
export function transferPoints(rows: readonly TransferRow[]): TransferPoint[] {
  const groups = new Map<string, TransferRow[]>();
  for (const row of rows) {
    const key = [row.scheme, row.recipe, row.width, row.learning_rate].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((runs) => {
    const {scheme, recipe, width, learning_rate} = runs[0];
    const losses = runs.flatMap(({held_out_loss}) => (held_out_loss === null ? [] : [held_out_loss]));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const loss = losses.length === runs.length ? mean : null;
    return {scheme, recipe, width, learning_rate, losses, loss};
  });
}

/** The best learning rate of each width of a scheme under a recipe, the narrowest first. */
export function bestPoints(
  points: readonly TransferPoint[],
  {scheme, recipe}: {readonly scheme: string; readonly recipe: string},
): TransferPoint[] {
  const best = new Map<number, TransferPoint>();
  for (const point of points) {
    if (point.scheme !== scheme || point.recipe !== recipe || point.loss === null) continue;
    const known = best.get(point.width);
    if (!known || point.loss < known.loss!) best.set(point.width, point);
  }
  return [...best.values()].sort((a, b) => a.width - b.width);
}
