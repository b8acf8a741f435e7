import type {FormError} from "../src/laws/compare-forms.js";
import type {FitDiagnosis} from "../src/laws/diagnose-fit.js";
import type {FitOptions, FitResult} from "../src/laws/fit.js";
import type {RunTable} from "../src/laws/run-table.js";
import type {VariableName} from "../src/laws/variables.js";
import type {RunFile} from "./read-run-file.js";

/** What a worker of the page can do, by its name: what it needs and what it gives. */
export interface LawTasks {
  fit: {request: {law: string; table: RunTable; options: FitOptions}; result: FitResult};
  compare: {
    request: {laws: readonly string[]; table: RunTable; options: FitOptions};
    result: readonly FormError[];
  };
  diagnose: {request: {law: string; table: RunTable; options: FitOptions}; result: FitDiagnosis};
  read: {
    request: {
      file: Blob;
      columns: Readonly<Record<string, string>>;
      wanted?: readonly VariableName[];
      unrounded: number;
    };
    result: RunFile;
  };
}

export type TaskName = keyof LawTasks;

/** What the page posts. */
export type TaskRequest = {[Name in TaskName]: {readonly type: Name} & LawTasks[Name]["request"]}[TaskName];

/** What the worker posts. */
export type TaskReport =
  | {readonly type: "progress"; readonly done: number; readonly of: number}
  | {readonly type: "done"; readonly result: LawTasks[TaskName]["result"]}
  | {readonly type: "error"; readonly message: string};
