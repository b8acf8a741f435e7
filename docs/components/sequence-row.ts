/** One run of the comparison of sequence layers: a row of `loaders/sequence-layers.arrow`. */
export interface SequenceRow {
  readonly sequence_layer: string;
  readonly optimizer: string;
  readonly scheme: string;
  readonly recipe: string;
  /** 1 without loss scaling. */
  readonly loss_scale: number;
  /** The best in fp32 for the scheme, the optimizer and the sequence layer. */
  readonly learning_rate: number;
  readonly seed: number;
  /** Held-out loss in nats per token; null for a run that diverged. */
  readonly loss: number | null;
  readonly floor: number;
  readonly parameters: number;
  readonly tokens: number;
  /** Id of the run. */
  readonly run: string;
}

/** The three ways to train in few bits that are compared, in the order of their panels. */
export const trainings = [
  {
    training: "regular",
    title: "Regular",
    is: ({scheme, loss_scale}: SequenceRow) => scheme === "standard" && loss_scale === 1,
  },
  {
    training: "loss-scaled",
    title: "Loss-scaled",
    is: ({scheme, loss_scale}: SequenceRow) => scheme === "standard" && loss_scale !== 1,
  },
  {training: "unit", title: "Unit-scaled", is: ({scheme}: SequenceRow) => scheme === "unit"},
] as const;

export type Training = (typeof trainings)[number]["training"];

/** A model with an optimizer, trained in one way with every seed, beside the same in fp32 without scaling. */
export interface SequencePoint {
  readonly training: Training;
  readonly sequence_layer: string;
  readonly optimizer: string;
  /** Median over the seeds of regular fp32. */
  readonly reference: number;
  /** Median over the seeds; infinite if half of them diverged. */
  readonly median: number;
  /** Of every seed, infinite for one that diverged. */
  readonly losses: readonly number[];
}

/** All points of one precision. */
export function sequencePoints(rows: readonly SequenceRow[], recipe: string): SequencePoint[] {
  const key = (row: SequenceRow) => `${row.sequence_layer} ${row.optimizer}`;
  const models = [...new Map(rows.map((row) => [key(row), row])).values()];
  return trainings.flatMap(({training, is}) =>
    models.flatMap((model) => {
      const ofModel = rows.filter((row) => key(row) === key(model));
      const losses = ofModel.filter((row) => is(row) && row.recipe === recipe).map(lossOf);
      const regular = ofModel.filter((row) => trainings[0].is(row) && row.recipe === "fp32").map(lossOf);
      if (losses.length === 0 || regular.length === 0) return [];
      const {sequence_layer, optimizer} = model;
      return {
        training,
        sequence_layer,
        optimizer,
        reference: median(regular),
        median: median(losses),
        losses,
      };
    }),
  );
}

const lossOf = ({loss}: SequenceRow): number => loss ?? Number.POSITIVE_INFINITY;

/** The middle value, or the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [lower, upper] = [Math.ceil(values.length / 2) - 1, Math.floor(values.length / 2)];
  return (sorted[lower] + sorted[upper]) / 2;
}
