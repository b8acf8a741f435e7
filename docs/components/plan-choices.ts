import type {PlanLaw} from "../src/laws/plan.js";
import {bytesOf, countOf} from "../src/laws/quantity.js";
import type {Choices, PageState} from "./page-state.js";
import {isListOf, listText} from "./toggle-control.js";

/** What can be given or left to be found; an empty text is to be found. */
export const quantityNames = ["parameters", "tokens", "compute", "memory"] as const;
export type QuantityName = (typeof quantityNames)[number];

/** A law that the page plans by, under a name for its address. */
export interface NamedPlanLaw {
  readonly name: string;
  readonly planLaw: PlanLaw;
}

const bestBits = "best";

/** What the reader of the page on plans can choose, and how it is first shown. */
export function planChoices(laws: readonly NamedPlanLaw[]) {
  const names = laws.map(({name}) => name);
  const published = laws.filter(({planLaw}) => planLaw.origin === "published").map(({name}) => name);
  const quantity = (read: (text: string) => number, initial = "") => ({
    values: [""],
    initial,
    accepts: (text: string) => read(text) > 0 && Number.isFinite(read(text)),
  });
  return {
    parameters: quantity(countOf),
    tokens: quantity(countOf),
    compute: quantity(countOf, "1e24"),
    memory: quantity(bytesOf),
    bits: {values: [bestBits, ...Array.from({length: 16}, (_, i) => String(i + 1))], initial: bestBits},
    block: {values: ["16", "32", "64", "128", "256", "512", "channel"], initial: "128"},
    laws: {
      values: [],
      initial: listText(published),
      accepts: (text: string) => isListOf(names, text),
    },
  } satisfies Choices;
}

export type PlanChoices = ReturnType<typeof planChoices>;
export type PlanState = PageState<PlanChoices>;
