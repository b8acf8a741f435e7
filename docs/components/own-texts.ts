import {usageError} from "../src/errors.js";
import type {BrowserCorpus} from "../src/training/corpora/browser-corpus.js";
import type {CorpusDeclaration} from "../src/training/corpora/declarations.js";
import type {RefusalQuestion} from "../src/training/run-refusal.js";
import type {RunSettings} from "../src/training/run-settings.js";
import type {OwnText} from "./lab-text.js";

type Corpora = Readonly<Record<string, {readonly declaration: CorpusDeclaration; readonly checksum: string}>>;

type WantedText = Pick<RunSettings, "corpus" | "corpusChecksum">;

interface GivenText extends OwnText {
  readonly checksum: string;
  readonly characters: number;
}

/** The texts that runs of this tab can read: declared ones, and those that the reader gave. */
export function ownTexts(declared: Corpora, checksumOf: (bytes: Uint8Array) => string) {
  // All of them, so that a reader can go back to settings with a text whose name another has taken since.
  const given: GivenText[] = [];
  const find = (name: string, checksum: string) =>
    given.findLast((text) => text.name === name && (checksum === "" || text.checksum === checksum));
  /** Number of distinct tokens, as far as it is known before the text is read. */
  const vocabularySize = ({
    corpus,
    corpusChecksum,
    vocabulary,
  }: WantedText & Pick<RunSettings, "vocabulary">): number => {
    if (vocabulary === "byte") return 256;
    const characters = find(corpus, corpusChecksum)?.characters;
    return characters ?? (declared[corpus]?.declaration.kind === "markov" ? 27 : 65);
  };
  return {
    /** @returns its SHA-256 */
    add(text: OwnText): string {
      const checksum = checksumOf(text.bytes);
      const characters = new Set(new TextDecoder().decode(text.bytes)).size;
      given.push({...text, checksum, characters});
      return checksum;
    },
    given: ({corpus, corpusChecksum}: WantedText): OwnText | undefined => find(corpus, corpusChecksum),
    /** What can be chosen, with what has to be known of it. */
    names: (): ReadonlyMap<string, {label: string; checksum: string; note: string}> =>
      new Map([
        ...Object.entries(declared).map(
          ([name, {declaration, checksum}]) => [name, {checksum, ...describe(declaration)}] as const,
        ),
        ...given.map(({name, checksum}) => [name, {label: name, checksum, note: ""}] as const),
      ]),
    /** As settings are parsed with. @throws a one-line error when this tab does not have the text */
    checksum(name: string, wanted: string): string {
      const checksum = declared[name]?.checksum ?? (find(name, wanted) ?? find(name, ""))?.checksum;
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
    source({corpus, corpusChecksum}: WantedText): BrowserCorpus {
      const text = find(corpus, corpusChecksum);
      return text ? {kind: "given", ...text} : declared[corpus].declaration;
    },
    /** What of the text of a run has to be known to plan it: nothing is downloaded for that. */
    unread(settings: RunSettings): RefusalQuestion["corpus"] {
      const text = find(settings.corpus, settings.corpusChecksum);
      return text ? {kind: "given", ...text} : {kind: "unread", vocabularySize: vocabularySize(settings)};
    },
    vocabularySize,
  };
}

const describe = (declaration: CorpusDeclaration): {label: string; note: string} =>
  declaration.kind === "markov"
    ? {label: "generated", note: ""}
    : {
        label: declaration.name,
        note: `${declaration.name} is downloaded when the run starts: ${(declaration.bytes / 1e6).toFixed(1)} MB`,
      };
