import {beforeAll, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {batchTokens} from "../../../src/training/corpora/corpus.js";
import {textCorpus} from "../../../src/training/corpora/text-corpus.js";

let kernels: Kernels;

beforeAll(async () => {
  kernels = await createKernels();
});

const options = {name: "notes.txt", vocabulary: "character", context: 8} as const;
const utf8 = (text: string) => new TextEncoder().encode(text);

it("textCorpus(bytes) holds out the last tenth, cuts windows at every place of a split, and targets what follows", () => {
  const letters = Array.from({length: 100}, (_, i) => String.fromCodePoint(0x100 + i)).join("");
  const corpus = textCorpus(utf8(letters), options, kernels);
  const seen = {training: new Set<number>(), "held-out": new Set<number>()};
  const tokens = new Int32Array(64 * 8);
  const targets = new Int32Array(64 * 8);
  for (const split of ["training", "held-out"] as const) {
    for (let step = 0; step < 20; step++) {
      batchTokens(corpus, {split, seed: 1, step, batch: 64, context: 8}, tokens, targets);
      for (const token of [...tokens, ...targets]) seen[split].add(token);
      expect(targets).toEqual(tokens.map((token) => token + 1));
    }
  }
  const sorted = (set: Set<number>) => [...set].sort((a, b) => a - b);
  expect(sorted(seen.training)).toEqual(Array.from({length: 90}, (_, i) => i));
  expect(sorted(seen["held-out"])).toEqual(Array.from({length: 10}, (_, i) => 90 + i));
});

it("textCorpus(bytes) knows its vocabulary and no floor", () => {
  const text = utf8("to be or not to be ".repeat(10));
  const characters = textCorpus(text, options, kernels);
  expect(characters).toMatchObject({name: "notes.txt", vocabularySize: 7, floor: null});
  expect(textCorpus(text, {...options, vocabulary: "byte"}, kernels).vocabularySize).toBe(256);
});

it("textCorpus(bytes) names a corpus that is empty", () => {
  expect(() => textCorpus(utf8(""), options, kernels)).toThrow("corpus notes.txt is empty");
});

it("textCorpus(bytes) names a corpus whose held-out part is not longer than one context", () => {
  expect(() => textCorpus(utf8("ab".repeat(40)), options, kernels)).toThrow(
    "corpus notes.txt is too short for context 8: it has 80 tokens, of which 8 are held out, " +
      "and both parts must have more than 8",
  );
  expect(textCorpus(utf8(`${"ab".repeat(40)}a`), options, kernels).vocabularySize).toBe(2);
});

it("textCorpus(bytes) names a corpus of one character, whose loss nothing could change", () => {
  const text = utf8("a".repeat(200));
  expect(() => textCorpus(text, options, kernels)).toThrow(
    "corpus notes.txt has one character only: there is nothing to predict",
  );
  expect(textCorpus(text, {...options, vocabulary: "byte"}, kernels).vocabularySize).toBe(256);
});

it("textCorpus(bytes) names a corpus that is not UTF-8, which the byte vocabulary takes", () => {
  const bytes = new Uint8Array(200).fill(0xe4);
  expect(() => textCorpus(bytes, options, kernels)).toThrow(
    'corpus notes.txt is not UTF-8 text, which the vocabulary "character" needs; "byte" takes any file',
  );
  expect(textCorpus(bytes, {...options, vocabulary: "byte"}, kernels).vocabularySize).toBe(256);
});
