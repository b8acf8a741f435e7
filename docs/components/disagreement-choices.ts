import {askedFormats} from "./asked-formats.js";
import type {DisagreementCase} from "./disagreement-case.js";
import {kindNames} from "./disagreement-kinds.js";
import type {Choices} from "./page-state.js";
import {isTypedValue} from "./typed-number.js";

/** Numbers that are worth asking about. */
export const instructiveValues = [
  "464",
  "465",
  "1e5",
  "inf",
  "nan",
  "-0",
  "1.0625",
  "1.1875",
  "1e-9",
] as const;

/** What the reader of the page on disagreements can choose. */
export function disagreementChoices(cases: readonly DisagreementCase[]) {
  const distinct = (values: readonly string[]) => [...new Set(values)];
  return {
    value: {values: instructiveValues, initial: "465", accepts: isTypedValue},
    format: {values: Object.keys(askedFormats), initial: "e4m3fn"},
    show: {values: ["examples", "all"], initial: "examples"},
    kind: {values: ["all", ...kindNames], initial: "all"},
    library: {
      values: ["all", ...distinct(cases.flatMap(({answers}) => answers.map(({library}) => library)))],
      initial: "all",
    },
    of: {values: ["all", ...distinct(cases.map(({format}) => format))], initial: "all"},
  } satisfies Choices;
}

export type DisagreementChoices = ReturnType<typeof disagreementChoices>;
