import type {LinearQuantizers} from "./ops/linear.js";

/** How values are rounded: the quantizers of the operands of linear layers. A recipe knows nothing of scaling constants. */
export interface Recipe {
  readonly name: string;
  /** One sentence for lists and pages. */
  readonly description: string;
  readonly linear: LinearQuantizers;
}
