import {type BitscapeError, failure} from "../errors.js";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "it exists already",
  EISDIR: "it is a folder",
  ENOENT: "no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "part of its path is not a folder",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/** @param doing for example `cannot read` */
export function fileFailure(doing: string, path: string, error: unknown): BitscapeError {
  const {code = "", message} = error as NodeJS.ErrnoException;
  return failure(`${doing} ${path}: ${reasons[code] ?? message}`);
}
