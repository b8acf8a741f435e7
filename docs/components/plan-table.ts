import {type Advice, defaultTolerance} from "../src/laws/plan.js";
import {beyondText, bitsText, certaintyText} from "../src/laws/plan-words.js";
import {bytesText, countText} from "../src/laws/quantity.js";
import type {Column} from "./column.js";
import {dataTable} from "./data-table.js";
import {elementMaker} from "./element-maker.js";
import {perFrame} from "./per-frame.js";
import type {PlanDesk} from "./plan-desk.js";

/** What each law recommends, a row for each. */
const adviceColumns: readonly Column<Advice>[] = [
  {name: "law", value: ({planLaw}) => planLaw.title},
  {name: "bits", value: bitsCell},
  {name: "within 0.01", value: ({within}) => (within ? rangeText(within) : "")},
  {name: "parameters", value: ({recommended}) => recommended?.parameters ?? null, format: countText},
  {name: "tokens", value: ({recommended}) => recommended?.tokens ?? null, format: countText},
  {name: "loss", value: ({recommended}) => recommended?.loss ?? null, format: (loss) => loss.toFixed(3)},
  {name: "weights", value: ({recommended}) => recommended?.memory ?? null, format: bytesText},
  {name: "−1 bit", value: ({oneBitLess}) => oneBitLess, format: signed},
  {name: "+1 bit", value: ({oneBitMore}) => oneBitMore, format: signed},
  {name: "beyond its runs", value: beyondText},
  {name: "how sure", value: (advice) => (advice.recommended ? certaintyText(advice) : "")},
];

function bitsCell({recommended, kind, isByTolerance, exactBits}: Advice): string {
  if (!recommended) return "not possible";
  if (kind === "reference") return "knows none";
  const exact = exactBits === null ? "" : ` (${exactBits.toFixed(1)})`;
  return `${bitsText(recommended)}${isByTolerance ? " *" : exact}`;
}

const rangeText = ([from, to]: readonly [number, number]): string =>
  from === to ? String(from) : `${from} to ${to}`;

function signed(nats: number): string {
  return `${nats < 0 ? "−" : "+"}${Math.abs(nats).toFixed(4)}`;
}

/** The recommendations as a table, with what its marks mean. */
export function planTable(
  {state, answer}: PlanDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const room = make("div", {
    ...{class: "table-room plan-room", tabindex: 0, role: "region", "aria-label": "Recommendations"},
  });
  const note = make("p", {class: "plan-note"});
  const show = () => {
    const {advices} = answer();
    room.replaceChildren(dataTable(advices, adviceColumns, {caption: "What each law recommends", document}));
    note.textContent = noteText(advices);
  };
  state.subscribe(perFrame(show, document.defaultView!));
  show();
  return make("div", {class: "plan-table"}, room, note);
}

function noteText(advices: readonly Advice[]): string {
  const isByTolerance = advices.some((advice) => advice.isByTolerance);
  return [
    "In brackets the optimum between whole bits; within 0.01: bits that lose at most 0.01 nats against the best. Losses are in nats per token and can be compared within a row only: each law has its own data and tokenizer. Beyond its runs: by which factors N and D lie outside those that the law was fitted to.",
    ...(isByTolerance
      ? [`* Here more bits cost nothing: these are the fewest that lose at most ${defaultTolerance} nats.`]
      : []),
  ].join(" ");
}
