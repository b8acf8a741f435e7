import {blockSizeOf} from "../src/laws/floating-point.js";
import {type Advice, checkQuestion, type PlanQuestion, recommend} from "../src/laws/plan.js";
import {bytesOf, countOf} from "../src/laws/quantity.js";
import type {StateOf} from "./page-state.js";
import type {NamedPlanLaw, PlanChoices, PlanState} from "./plan-choices.js";
import {listValues} from "./toggle-control.js";

/** The answers to the question that the page's state asks; computed once for each state. */
export interface PlanDesk {
  readonly state: PlanState;
  readonly laws: readonly NamedPlanLaw[];
  readonly answer: () => PlanAnswer;
}

export interface PlanAnswer {
  readonly question: PlanQuestion;
  /** Of the chosen laws; none where the question cannot be answered. */
  readonly advices: readonly Advice[];
  /** Why it cannot be answered; empty where it can. */
  readonly problem: string;
}

export function planDesk(state: PlanState, laws: readonly NamedPlanLaw[]): PlanDesk {
  let answered: StateOf<PlanChoices> | undefined;
  let answer: PlanAnswer;
  return {
    state,
    laws,
    answer() {
      const current = state.get();
      if (current !== answered) [answered, answer] = [current, answerTo(current, laws)];
      return answer;
    },
  };
}

function answerTo(state: StateOf<PlanChoices>, laws: readonly NamedPlanLaw[]): PlanAnswer {
  const question = questionOf(state);
  try {
    checkQuestion(question);
  } catch (error) {
    const [first, ...rest] = (error as Error).message;
    return {question, advices: [], problem: `${first.toUpperCase()}${rest.join("")}.`};
  }
  const chosen = listValues(state.laws);
  const shown = laws.filter(({name}) => chosen.includes(name));
  return {question, advices: shown.map(({planLaw}) => recommend(planLaw, question)), problem: ""};
}

/** The question that a state asks. */
export function questionOf({
  parameters,
  tokens,
  compute,
  memory,
  bits,
  block,
}: StateOf<PlanChoices>): PlanQuestion {
  const given = (text: string, read: (text: string) => number) => (text === "" ? undefined : read(text));
  return {
    parameters: given(parameters, countOf),
    tokens: given(tokens, countOf),
    compute: given(compute, countOf),
    memory: given(memory, bytesOf),
    bits: bits === "best" ? undefined : Number(bits),
    blockSize: blockSizeOf(block),
  };
}
