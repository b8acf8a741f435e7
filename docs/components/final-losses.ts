import type {LossRow} from "./loss-row.js";

/** The last measured held-out loss of every run, in nats per token. */
export function finalLosses(rows: readonly LossRow[]): {scheme: string; recipe: string; loss: number}[] {
  const last = new Map<string, LossRow>();
  for (const row of rows) {
    const known = last.get(row.run);
    if (row.held_out_loss !== null && (!known || known.step < row.step)) last.set(row.run, row);
  }
  return [...last.values()].map(({scheme, recipe, held_out_loss}) => ({
    scheme,
    recipe,
    loss: held_out_loss!,
  }));
}
