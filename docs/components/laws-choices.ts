import {lawNames} from "../src/laws/index.js";
import {variableNames} from "../src/laws/variables.js";
import type {Choices} from "./page-state.js";
import {isRowList} from "./row-list.js";

/** δ of Huber's loss: residuals beyond it count by their size, not by its square. */
const huberDeltas = ["0.0001", "0.001", "0.01", "0.1", "none"] as const;

/** What the reader of the page on laws can choose; a file of one's own is not kept in the address. */
export function lawsChoices(tables: readonly string[]) {
  return {
    table: {values: tables, initial: tables[0]},
    /** The law; empty for the one that the table is shown with. */
    law: {values: ["", ...lawNames], initial: ""},
    /** Rows, from 1, that are dropped although the table begins with them, or the other way round. */
    drop: {values: [""], initial: "", accepts: isRowList},
    /** Row, from 1, that the keyboard is at. */
    point: {values: [""], initial: "", accepts: (text: string) => /^[1-9]\d{0,6}$/.test(text)},
    /** What residuals are drawn along: a variable, or compute. */
    along: {
      values: ["parameters", "compute", ...variableNames.filter((name) => name !== "parameters")],
      initial: "parameters",
    },
    delta: {values: huberDeltas, initial: "0.001"},
    /** Whether α and β are held equal; empty for as the law's source does. */
    tied: {values: ["", "yes", "no"], initial: ""},
  } satisfies Choices;
}

export type LawsChoices = ReturnType<typeof lawsChoices>;
