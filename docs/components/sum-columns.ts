import type {Column} from "./column.js";
import {numberText} from "./number-text.js";
import type {SumGroup, SumTerm} from "./sum-trace.js";

/** A term, and the step that it belongs to. */
export interface SumRow {
  readonly step: number;
  readonly group: SumGroup;
  readonly term: SumTerm;
}

/** The terms of all steps. */
export const sumRows = (groups: readonly SumGroup[]): SumRow[] =>
  groups.flatMap((group, i) => group.terms.map((term) => ({step: i + 1, group, term})));

/** The columns of the table behind the small sum. */
export const sumColumns: readonly Column<SumRow>[] = [
  {name: "step", value: ({step}) => step},
  {name: "term", value: ({term}) => term.factors?.map(numberText).join(" × ") ?? "running sum"},
  {name: "value", value: ({term}) => term.value, format: numberText},
  {name: "exponent", value: ({term}) => term.exponent},
  {name: "largest exponent", value: ({group}) => group.commonExponent},
  {name: "last kept bit", value: ({group}) => group.unit, format: numberText},
  {name: "integer", value: ({term}) => term.integer, format: numberText},
  {name: "lost", value: ({term}) => term.lost, format: numberText},
  {name: "result of the step", value: ({group}) => group.result, format: numberText},
];
