import {compareForms} from "../src/laws/compare-forms.js";
import {diagnoseFit} from "../src/laws/diagnose-fit.js";
import {fit as fitLaw} from "../src/laws/fit.js";
import {lawOf} from "../src/laws/index.js";
import type {LawTasks, TaskName, TaskRequest} from "./law-tasks.js";
import {readRunFile} from "./read-run-file.js";

/** Does what the page asks its worker for. */
export async function doLawTask(
  task: TaskRequest,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<LawTasks[TaskName]["result"]> {
  switch (task.type) {
    case "fit":
      return fitLaw(lawOf(task.law), task.table, task.options, {
        onProgress: ({done, of}) => onProgress(done, of),
      });
    case "compare":
      return compareForms(task.laws.map(lawOf), task.table, task.options, {onProgress});
    case "diagnose":
      return diagnoseFit(lawOf(task.law), task.table, task.options, {onProgress});
    case "read": {
      const {file, columns, wanted, unrounded} = task;
      const onBytes = (bytes: number) => onProgress(bytes, file.size);
      return readRunFile(file, {columns, wanted, unrounded, skipBadRows: true, onProgress: onBytes});
    }
  }
}
