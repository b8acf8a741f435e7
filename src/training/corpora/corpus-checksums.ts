import {createHash} from "node:crypto";
import {readFileSync, statSync} from "node:fs";
import {failure, nearestName, usageError} from "../../errors.js";
import {fileProblem} from "../file-problem.js";
import type {SettingsChoices} from "../run-settings-schema.js";
import {type CorpusDeclaration, declarationChecksum, readDeclarations} from "./declarations.js";

export const isAddress = (corpus: string): boolean => /^https?:\/\//.test(corpus);

/** The `corpusChecksum` that settings are parsed with: of declared corpora, files, and addresses whose checksum is given. */
export function corpusChecksums(
  declarations: ReadonlyMap<string, CorpusDeclaration> = readDeclarations(),
): SettingsChoices["corpusChecksum"] {
  const known = new Map(
    [...declarations].map(([name, declaration]) => [name, declarationChecksum(declaration)]),
  );
  return (corpus, given) => {
    if (given && declarations.has(corpus) && given !== known.get(corpus)) {
      throw usageError(`corpus ${corpus} is declared with checksum ${known.get(corpus)}, not ${given}`);
    }
    if (given) return given;
    if (isAddress(corpus))
      throw usageError(`corpus ${corpus} needs a corpusChecksum: the SHA-256 of its bytes`);
    if (!known.has(corpus)) known.set(corpus, fileChecksum(corpus, [...declarations.keys()]));
    return known.get(corpus)!;
  };
}

function fileChecksum(path: string, declared: readonly string[]): string {
  if (!statSync(path, {throwIfNoEntry: false})?.isFile()) {
    const nearest = nearestName(path, declared);
    const suggestion = nearest ? `; did you mean "${nearest}"?` : "";
    throw usageError(
      `corpus "${path}" is not declared (${declared.join(", ")}), not a file, and not an http(s) address${suggestion}`,
    );
  }
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch (error) {
    throw failure(`cannot read corpus ${path}: ${fileProblem(error)}`);
  }
}
