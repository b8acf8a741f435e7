import {usageError} from "../src/errors.js";
import type {BrowserCorpus} from "../src/training/corpora/browser-corpus.js";
import type {CorpusDeclaration} from "../src/training/corpora/declarations.js";
import type {RunSettings} from "../src/training/run-settings.js";
import type {OwnText} from "./lab-text.js";

type Corpora = Readonly<Record<string, {readonly declaration: CorpusDeclaration; readonly checksum: string}>>;

/** The texts that runs of this tab can read: declared ones, and those that the reader gave. */
export function ownTexts(declared: Corpora, checksumOf: (bytes: Uint8Array) => string) {
  const given = new Map<string, OwnText & {readonly checksum: string; readonly characters: number}>();
  return {
    /** @returns its SHA-256 */
    add(text: OwnText): string {
      const checksum = checksumOf(text.bytes);
      const characters = new Set(new TextDecoder().decode(text.bytes)).size;
      given.set(text.name, {...text, checksum, characters});
      return checksum;
    },
    given: (name: string): OwnText | undefined => given.get(name),
    names: (): ReadonlyMap<string, {label: string; checksum: string}> =>
      new Map([
        ...Object.entries(declared).map(
          ([name, {declaration, checksum}]) => [name, {label: declaredLabel(declaration), checksum}] as const,
        ),
        ...[...given].map(([name, {checksum}]) => [name, {label: name, checksum}] as const),
      ]),
    /** As settings are parsed with. @throws a one-line error when this tab does not have the text */
    checksum(name: string, wanted: string): string {
      const checksum = declared[name]?.checksum ?? given.get(name)?.checksum;
      if (checksum === undefined) {
        throw usageError(
          `corpus: this tab does not have the text “${name}”: open or paste it under “Data and length”`,
        );
      }
      if (wanted && wanted !== checksum) {
        throw usageError(`corpus: “${name}” is another text than these settings were made for`);
      }
      return checksum;
    },
    /** What a worker needs to have the text of a run. */
    source({corpus}: RunSettings): BrowserCorpus {
      const text = given.get(corpus);
      return text ? {kind: "given", ...text} : declared[corpus].declaration;
    },
    /** Number of distinct tokens, as far as it is known before the text is read. */
    vocabularySize({corpus, vocabulary}: Pick<RunSettings, "corpus" | "vocabulary">): number {
      if (vocabulary === "byte") return 256;
      return given.get(corpus)?.characters ?? (declared[corpus]?.declaration.kind === "markov" ? 27 : 65);
    },
  };
}

/** Megabytes with one digit. */
const declaredLabel = (declaration: CorpusDeclaration): string =>
  declaration.kind === "markov"
    ? "generated"
    : `${declaration.name} (downloads ${(declaration.bytes / 1e6).toFixed(1)} MB)`;
