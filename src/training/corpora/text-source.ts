import {createHash} from "node:crypto";

/** A text that is known by its checksum. */
export interface TextSource {
  readonly name: string;
  /** Public address, where there is one. */
  readonly address?: string;
  /** Name of its file in the cache and in a folder of texts. */
  readonly file: string;
  /** Size, where it is declared. */
  readonly bytes?: number;
  readonly sha256: string;
}

/** Checks content as it arrives. `problem` completes a sentence that begins with the name of a file. */
export function contentChecker({bytes, sha256}: Pick<TextSource, "bytes" | "sha256">) {
  const hash = createHash("sha256");
  let size = 0;
  return {
    update: (chunk: Uint8Array) => {
      hash.update(chunk);
      size += chunk.length;
    },
    size: () => size,
    problem: (): string | undefined => {
      if (size === 0) return "is empty";
      if (bytes !== undefined && size !== bytes) return `has ${size} bytes instead of ${bytes}`;
      const actual = hash.digest("hex");
      return actual === sha256 ? undefined : `has SHA-256 ${actual} instead of ${sha256}`;
    },
  };
}

/** What is wrong with the content of a file, if anything. */
export function contentProblem(content: Uint8Array, source: TextSource): string | undefined {
  const check = contentChecker(source);
  check.update(content);
  return check.problem();
}
