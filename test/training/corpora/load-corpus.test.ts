import {createHash} from "node:crypto";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {beforeAll, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {corpusChecksums} from "../../../src/training/corpora/corpus-checksums.js";
import {readDeclarations} from "../../../src/training/corpora/declarations.js";
import {type CorpusSettings, fetchCorpus, loadCorpus} from "../../../src/training/corpora/load-corpus.js";
import {temporaryFolder} from "../../support/temporary-folder.js";

let kernels: Kernels;

beforeAll(async () => {
  kernels = await createKernels();
});

const text = "If music be the food of love, play on;\n".repeat(100);
const sha256 = createHash("sha256").update(text).digest("hex");
const settings: CorpusSettings = {corpus: "markov", corpusChecksum: "", vocabulary: "character", context: 16};

function textFile(content: string | Uint8Array): string {
  const file = join(temporaryFolder(), "music.txt");
  writeFileSync(file, content);
  return file;
}

it("loadCorpus(settings) generates the declared markov language, with its floor", async () => {
  const corpus = await loadCorpus(settings, {kernels});
  expect(corpus).toMatchObject({name: "markov", vocabularySize: 27});
  expect(corpus.floor).toBeGreaterThan(0.6);
  expect(await loadCorpus({...settings, vocabulary: "byte"}, {kernels})).toMatchObject({vocabularySize: 256});
});

it("loadCorpus(settings) reads a file with its checksum", async () => {
  const corpus = textFile(text);
  const loaded = await loadCorpus({...settings, corpus, corpusChecksum: sha256}, {kernels});
  expect(loaded).toMatchObject({name: corpus, vocabularySize: new Set(text).size, floor: null});
});

it("loadCorpus(settings) reads a declared text", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "music.txt"), text);
  const music = {
    kind: "text",
    name: "music",
    address: "http://localhost/",
    file: "music.txt",
    bytes: text.length,
    sha256,
  };
  const effects = {
    declarations: new Map([["music", music as never]]),
    environment: {BITSCAPE_CORPORA: folder},
  };
  expect(await loadCorpus({...settings, corpus: "music"}, {kernels, ...effects})).toMatchObject({
    name: "music",
  });
});

it("loadCorpus(settings) caches the text of an address under the name that the address ends with", async () => {
  const cache = temporaryFolder();
  const asked: string[] = [];
  const effects = {
    environment: {BITSCAPE_CACHE: cache},
    fetch: async (address: string | URL | Request) => {
      asked.push(String(address));
      return new Response(text);
    },
  };
  const corpus = "https://example.org/plays/twelfth%20night.txt?raw";
  const wanted = {...settings, corpus, corpusChecksum: sha256};
  await fetchCorpus(wanted, effects);
  expect(await loadCorpus(wanted, {kernels, ...effects})).toMatchObject({name: corpus});
  expect(asked).toEqual([corpus]);
});

it.each([
  [
    "truncated",
    text.slice(0, 50),
    `has SHA-256 ${createHash("sha256").update(text.slice(0, 50)).digest("hex")}`,
  ],
  ["empty", "", "is empty"],
])("loadCorpus(settings) names a file that is %s", async (_, content, problem) => {
  const corpus = textFile(content);
  await expect(loadCorpus({...settings, corpus, corpusChecksum: sha256}, {kernels})).rejects.toThrow(
    `${corpus} is not corpus ${corpus}: it ${problem}`,
  );
});

it("loadCorpus(settings) names a file that is gone", async () => {
  const corpus = "/no/such/file.txt";
  await expect(loadCorpus({...settings, corpus, corpusChecksum: sha256}, {kernels})).rejects.toThrow(corpus);
});

it("loadCorpus(settings) refuses settings that were made for another declaration", async () => {
  const other = {...settings, corpusChecksum: sha256};
  await expect(loadCorpus(other, {kernels})).rejects.toThrow(
    "corpus markov is not the one that these settings were made for",
  );
});

it("corpusChecksums() identifies declared corpora, files, and addresses with a given checksum", () => {
  const declarations = readDeclarations();
  const checksum = corpusChecksums(declarations);
  expect(checksum("shakespeare", "")).toBe(
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
  );
  expect(checksum("markov", "")).toMatch(/^[0-9a-f]{64}$/);
  expect(checksum(textFile(text), "")).toBe(sha256);
  expect(checksum("https://example.org/a.txt", sha256)).toBe(sha256);
});

it("corpusChecksums() gives a generated language with other parameters another checksum", () => {
  const markov = {kind: "markov", name: "markov", words: 4, successors: 2, exponent: 1, seed: 1} as const;
  const checksumOf = (changes: object) =>
    corpusChecksums(new Map([["markov", {...markov, ...changes}]]))("markov", "");
  expect(checksumOf({seed: 2})).not.toBe(checksumOf({}));
  expect(checksumOf({name: "renamed"})).toBe(checksumOf({}));
});

it("corpusChecksums() names a corpus that there is not, and the nearest one", () => {
  const checksum = corpusChecksums();
  expect(() => checksum("shakespear", "")).toThrow(
    'corpus "shakespear" is not declared (lexicon, markov, shakespeare), not a file, and not an http(s) address; ' +
      'did you mean "shakespeare"?',
  );
  expect(() => checksum("https://example.org/a.txt", "")).toThrow(
    "corpus https://example.org/a.txt needs a corpusChecksum: the SHA-256 of its bytes",
  );
  expect(() => checksum("markov", sha256)).toThrow("corpus markov is declared with checksum");
});
