import {createHash} from "node:crypto";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {browserCorpus} from "../../../src/training/corpora/browser-corpus.js";
import {batchTokens, type Corpus} from "../../../src/training/corpora/corpus.js";
import {readDeclarations, type TextDeclaration} from "../../../src/training/corpora/declarations.js";
import {loadCorpus} from "../../../src/training/corpora/load-corpus.js";

const text = new TextEncoder().encode("To be, or not to be, that is the question. ".repeat(20));
const sha256 = createHash("sha256").update(text).digest("hex");
const declaration: TextDeclaration = {
  ...{kind: "text", name: "hamlet", address: "https://example.org/hamlet.txt", file: "hamlet.txt"},
  ...{bytes: text.length, sha256},
};
const character = {vocabulary: "character", context: 8} as const;

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

function firstBatch(corpus: Corpus): number[] {
  const tokens = new Int32Array(32);
  const targets = new Int32Array(32);
  batchTokens(corpus, {split: "training", seed: 1, step: 0, batch: 4, context: 8}, tokens, targets);
  return [...tokens, ...targets];
}

describe("browserCorpus(source, settings)", () => {
  it.each(["character", "byte"] as const)(
    "generates the language that files declare, as %ss",
    async (vocabulary) => {
      const markov = readDeclarations().get("markov")!;
      const settings = {corpus: "markov", corpusChecksum: "", vocabulary, context: 8};
      const here = await browserCorpus(markov, settings, kernels);
      const expected = await loadCorpus(settings, {kernels});
      expect(here.vocabularySize).toBe(expected.vocabularySize);
      expect(firstBatch(here)).toEqual(firstBatch(expected));
    },
  );

  it("reads a text that it is given as the command line reads the file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bitscape-"));
    const path = join(folder, "hamlet.txt");
    writeFileSync(path, text);
    const given = await browserCorpus({kind: "given", name: path, bytes: text}, character, kernels);
    const expected = await loadCorpus({corpus: path, corpusChecksum: sha256, ...character}, {kernels});
    rmSync(folder, {recursive: true});
    expect(firstBatch(given)).toEqual(firstBatch(expected));
  });

  it("downloads a declared text and checks it", async () => {
    const fetch = async () => new Response(text);
    const corpus = await browserCorpus(declaration, character, kernels, {fetch});
    expect(corpus.decode(Int32Array.from(firstBatch(corpus).slice(0, 8)))).toHaveLength(8);
    const other = async () => new Response("something else");
    await expect(browserCorpus(declaration, character, kernels, {fetch: other})).rejects.toThrow(
      /^the content of https:\/\/example.org\/hamlet.txt is not corpus hamlet: it has SHA-256/,
    );
  });

  it("says when a text cannot be had", async () => {
    const offline = () => Promise.reject(new TypeError("Failed to fetch"));
    await expect(browserCorpus(declaration, character, kernels, {fetch: offline})).rejects.toThrow(
      "cannot download corpus hamlet from example.org: no network, or it does not allow it",
    );
    const refusing = async () => new Response("", {status: 404});
    await expect(browserCorpus(declaration, character, kernels, {fetch: refusing})).rejects.toThrow(
      "cannot download corpus hamlet: example.org answers 404",
    );
  });
});
