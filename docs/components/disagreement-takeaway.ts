import {listed} from "../src/laws/listed.js";
import {answerGroups, type DisagreementCase} from "./disagreement-case.js";

/** How often the answers differ at the edges of formats and blocks, and what they are just beyond the end of E4M3. */
export function disagreementTakeaway(cases: readonly DisagreementCase[]): string {
  const disputed = cases.filter(({answers}) => answerGroups(answers).length > 1).length;
  const opening = cases.find(({input, format}) => input === "465" && format === "E4M3FN")!;
  const answers = answerGroups(opening.answers).map(
    ({text, answers: {length}}, i) =>
      `${text} ${i === 0 ? `to ${length} libraries and specifications` : `to ${length}`}`,
  );
  return (
    `Of ${cases.length} inputs at the edges of formats and blocks, ${disputed} get more than one answer. ` +
    `${opening.input}, just beyond the end of OCP's E4M3, is ${listed(answers)}.`
  );
}
