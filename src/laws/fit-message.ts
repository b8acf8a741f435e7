import {BitscapeError, failure, usageError} from "../errors.js";
import {type FitOptions, type FitProblem, fitProblem} from "./fit-problem.js";
import {doWork, type FitWork, type Outcome} from "./fit-work.js";
import {lawOf} from "./index.js";
import type {RunTable} from "./run-table.js";

/** A fit in a form that can be sent to another thread. */
export interface FitRequest {
  /** Name of the law. */
  readonly law: string;
  readonly table: RunTable;
  readonly options: FitOptions;
}

/** To a worker: the request once, then work, one share at a time. */
export type FitMessage =
  | {readonly type: "request"; readonly request: FitRequest}
  | {readonly type: "work"; readonly work: FitWork};

/** From a worker: one for each share of work. */
export type FitReply =
  | {readonly type: "outcomes"; readonly outcomes: readonly Outcome[]}
  | {readonly type: "failure"; readonly message: string; readonly exitCode: number};

export const problemOf = ({law, table, options}: FitRequest): FitProblem =>
  fitProblem(lawOf(law), table, options);

/** What a worker does with messages, wherever it runs. */
export function fitServer(reply: (reply: FitReply) => void): (message: FitMessage) => void {
  let problem: FitProblem | undefined;
  return (message) => {
    try {
      if (message.type === "request") problem = problemOf(message.request);
      else reply({type: "outcomes", outcomes: doWork(problem!, message.work)});
    } catch (error) {
      const exitCode = error instanceof BitscapeError ? error.exitCode : 1;
      reply({type: "failure", message: (error as Error).message, exitCode});
    }
  };
}

/** The error that a worker told of. */
export const errorOf = ({message, exitCode}: FitReply & {type: "failure"}): BitscapeError =>
  exitCode === 2 ? usageError(message) : failure(message);
