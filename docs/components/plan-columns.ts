import {bitsText} from "../src/laws/plan-words.js";
import {bytesText, countText} from "../src/laws/quantity.js";
import type {Column} from "./column.js";
import type {PlanPoint} from "./plan-chart.js";

/** What the chart shows, a row for each law and number of bits. */
export const planColumns: readonly Column<PlanPoint>[] = [
  {name: "law", value: ({advice}) => advice.planLaw.title},
  {name: "bits", value: ({choice}) => choice.bits},
  {name: "format", value: ({choice}) => (choice.layout ? bitsText(choice).split(", ")[1] : null)},
  {name: "parameters", value: ({choice}) => choice.parameters, format: countText},
  {name: "tokens", value: ({choice}) => choice.tokens, format: countText},
  {name: "loss", value: ({choice}) => choice.loss, format: (loss) => loss.toFixed(4)},
  {name: "above its best", value: ({excess}) => excess, format: (excess) => excess.toFixed(4)},
  {name: "bytes of weights", value: ({choice}) => choice.memory, format: bytesText},
  {name: "FLOPs", value: ({choice}) => choice.compute, format: countText},
  {name: "bits in range", value: ({isOutside}) => (isOutside ? "no" : "yes")},
];
