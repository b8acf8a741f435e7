const problems: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EEXIST: "it is not a folder",
};

/** What a failed file operation means, in a few words. */
export function fileProblem(error: unknown): string {
  const {code, message} = error as NodeJS.ErrnoException;
  return problems[code ?? ""] ?? message;
}

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
