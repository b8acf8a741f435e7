import type {Choices} from "./page-state.js";
import type {SweepIndex} from "./sweep-info.js";

/** How the runs are listed. */
export const sortPattern = /^-?[\w]{1,40}$/;

/** What the reader of the page on sweeps can choose. What depends on the sweep is text, and read where it is needed. */
export function sweepChoices({sweeps}: SweepIndex, order: readonly string[]) {
  const names = sweeps.map(({name}) => name);
  const known = order.filter((name) => names.includes(name));
  const isShort = (text: string) => text.length <= 4000;
  return {
    sweep: {values: known, initial: known[0]},
    /** See `filterText`. */
    where: {values: [""], initial: "", accepts: isShort},
    find: {values: [""], initial: "", accepts: isShort},
    /** Key of a column, with a minus before it for the largest first. */
    sort: {values: ["loss"], initial: "loss", accepts: (text: string) => sortPattern.test(text)},
    page: {values: ["1"], initial: "1", accepts: (text: string) => /^[1-9]\d{0,4}$/.test(text)},
    /** Names of marked runs. */
    runs: {
      values: [""],
      initial: "",
      accepts: (text: string) => /^[0-9a-f]{8}(\.\d+)?(,[0-9a-f]{8}(\.\d+)?){0,5}$/.test(text),
    },
    /** Axis that gives the colours. */
    by: {values: [""], initial: "", accepts: isWord},
    scale: {values: ["loss", "above"], initial: "loss"},
    /** Axis whose values are compared, and with which of them. */
    axis: {values: [""], initial: "", accepts: isWord},
    reference: {values: [""], initial: "", accepts: isShort},
  } satisfies Choices;
}

const isWord = (text: string): boolean => /^\w{1,40}$/.test(text);

export type SweepChoices = ReturnType<typeof sweepChoices>;

/** What holds for one sweep only, as it is before anything is chosen. */
export const untouched = {
  where: "",
  find: "",
  sort: "loss",
  page: "1",
  runs: "",
  by: "",
  axis: "",
  reference: "",
} as const;
