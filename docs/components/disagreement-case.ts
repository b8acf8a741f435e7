import type {Format} from "../src/formats/format.js";
import type {KindName} from "./disagreement-kinds.js";

/** What one library makes of an input. */
export interface Answer {
  readonly library: string;
  /** The value, as text that is equal where the answers are. */
  readonly text: string;
  /** The code behind it, where there is one. */
  readonly code?: {readonly format: Format; readonly bits: string; readonly isScale?: boolean};
  readonly reason: string;
  /** Where the library says or shows it. */
  readonly reference?: string;
}

/** One input, and what everybody makes of it. */
export interface DisagreementCase {
  readonly kind: KindName;
  /** What the format is called. */
  readonly format: string;
  readonly input: string;
  /** What is special about the input. */
  readonly note: string;
  readonly answers: readonly Answer[];
  /** Whether it stands for its kind in the short table. */
  readonly isExample: boolean;
  /** What the figure on one number has to be set to, to show the case. */
  readonly ask?: {readonly value: string; readonly format: string};
}

/** Libraries that give the same answer. */
export interface AnswerGroup {
  readonly text: string;
  readonly code: Answer["code"];
  readonly answers: readonly Answer[];
}

/** Equal answers together, the most frequent first; of equally frequent ones the first given. */
export function answerGroups(answers: readonly Answer[]): AnswerGroup[] {
  const groups = new Map<string, Answer[]>();
  for (const answer of answers) {
    const group = groups.get(answer.text);
    if (group) group.push(answer);
    else groups.set(answer.text, [answer]);
  }
  return [...groups]
    .map(([text, members]) => ({text, code: members[0].code, answers: members}))
    .sort((a, b) => b.answers.length - a.answers.length);
}
