import {type BitscapeError, failure} from "../errors.js";
import {fileProblem} from "../training/file-problem.js";

/** @param doing for example `cannot read` */
export const fileFailure = (doing: string, path: string, error: unknown): BitscapeError =>
  failure(`${doing} ${path}: ${fileProblem(error)}`);
