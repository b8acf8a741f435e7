/** The loss of one run after one step: a row of `loaders/losses.arrow`. Losses are in nats per token. */
export interface LossRow {
  readonly scheme: string;
  readonly recipe: string;
  readonly run: string;
  readonly step: number;
  readonly tokens: number;
  readonly training_loss: number;
  readonly training_loss_smooth: number;
  /** Null where it was not measured. */
  readonly held_out_loss: number | null;
  /** Entropy rate of the corpus; null where it is not known. */
  readonly floor: number | null;
}
