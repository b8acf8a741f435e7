/** A point of a loss curve: a row of `loaders/recipe-losses.arrow`. */
export interface RecipeLossRow {
  readonly scheme: string;
  readonly recipe: string;
  readonly step: number;
  /** Mean training loss of the last few steps, in nats per token. */
  readonly loss: number;
}
