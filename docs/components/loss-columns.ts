import type {Column} from "./column.js";
import type {LossRow} from "./loss-row.js";

const nats = (value: number): string => value.toFixed(4);

/** The columns of the table behind the loss curves. */
export const lossColumns: readonly Column<LossRow>[] = [
  {name: "scheme", value: (row) => row.scheme},
  {name: "recipe", value: (row) => row.recipe},
  {name: "step", value: (row) => row.step},
  {name: "tokens", value: (row) => row.tokens, format: (value) => value.toLocaleString("en")},
  {name: "training loss, smoothed", value: (row) => row.training_loss_smooth, format: nats},
  {name: "held-out loss", value: (row) => row.held_out_loss, format: nats},
  {name: "floor", value: (row) => row.floor, format: nats},
];
