import type {Column} from "./column.js";
import type {SequenceRow} from "./sequence-row.js";

/** The columns of the table of sequence layers. */
export const sequenceColumns: readonly Column<SequenceRow>[] = [
  {name: "sequence layer", value: ({sequence_layer}) => sequence_layer},
  {name: "optimizer", value: ({optimizer}) => optimizer},
  {name: "scheme", value: ({scheme}) => scheme},
  {name: "recipe", value: ({recipe}) => recipe},
  {name: "loss scale", value: ({loss_scale}) => loss_scale},
  {name: "learning rate", value: ({learning_rate}) => learning_rate},
  {name: "seed", value: ({seed}) => seed},
  {name: "held-out loss", value: ({loss}) => loss, format: (loss) => loss.toFixed(3)},
  {name: "run", value: ({run}) => run.slice(0, 12)},
];
