import {beforeAll, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {readDeclarations} from "../../../src/training/corpora/declarations.js";
import {
  type MarkovCorpus,
  type MarkovDeclaration,
  markovCorpus,
} from "../../../src/training/corpora/markov.js";

let kernels: Kernels;
let declaration: MarkovDeclaration;
let corpus: MarkovCorpus;

beforeAll(async () => {
  kernels = await createKernels();
  declaration = readDeclarations().get("markov") as MarkovDeclaration;
  corpus = markovCorpus(declaration, kernels);
});

const wordLengths = ({chain}: MarkovCorpus) => chain.words.map((word) => word.length + 1);

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

it("markovCorpus(declaration) spells distinct words of the letters a to z, the short ones first", () => {
  const {words} = corpus.chain;
  expect(new Set(words).size).toBe(declaration.words);
  for (const word of words) expect(word).toMatch(/^[a-z]{2,}$/);
  const lengths = words.map(({length}) => length);
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
});

it("markovCorpus(declaration) finds the distribution that a step of the chain leaves as it is", () => {
  const {table, stationary, successors} = corpus.chain;
  const next = new Float64Array(stationary.length);
  table.forEach((word, i) => {
    next[word] += stationary[Math.floor(i / successors)] / successors;
  });
  stationary.forEach((share, word) => {
    expect(share).toBeGreaterThan(0);
    expect(next[word]).toBeCloseTo(share, 14);
  });
  expect(stationary.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 13);
});

it("markovCorpus(declaration) has word frequencies near Zipf's law", () => {
  const shares = [...corpus.chain.stationary].sort((a, b) => b - a);
  const harmonic = shares.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  for (const rank of [1, 2, 4, 8, 16, 32, 64, 128]) {
    const ratio = shares[rank - 1] * harmonic * rank;
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
  }
});

it("the floor of two words that are followed by either alike is known by hand", () => {
  // Successors: the first is the other word, the second drawn. Look for a seed where both words lead to both.
  const small = {kind: "markov", name: "small", words: 2, successors: 2, exponent: 1} as const;
  const fair = Array.from({length: 32}, (_, seed) => markovCorpus({...small, seed}, kernels)).find(
    ({chain}) => chain.table.join() === "1,0,0,1",
  )!;
  // Each word is one of two with probability 1/2 whatever came before: ln 2 nats for each word and its space.
  expect(fair.floor).toBeCloseTo(Math.LN2 / meanOf(wordLengths(fair)), 14);
});

it("the surprise of generated text converges to the floor", () => {
  const {words, table, successors} = corpus.chain;
  const numberOf = new Map(words.map((word, i) => [word, i]));
  const counts = new Float64Array(words.length ** 2);
  table.forEach((next, i) => {
    counts[Math.floor(i / successors) * words.length + next]++;
  });
  const said = corpus.text(7, 0, 1_000_000).split(" ").slice(1, -1);
  const surprises = said.slice(1).map((word, i) => {
    const count = counts[numberOf.get(said[i])! * words.length + numberOf.get(word)!];
    return -Math.log(count / successors);
  });
  const characters = said.slice(1).reduce((sum, word) => sum + word.length + 1, 0);
  const perCharacter = (surprises.length * meanOf(surprises)) / characters;
  // About 220,000 words with a standard deviation of the ratio's terms near 2.5: a standard error of 0.0012 nats per
  // character, and five of them as the limit.
  expect(Math.abs(perCharacter - corpus.floor)).toBeLessThan(0.006);
});

it("the declared language stays the same: its floor and the beginning of its text", () => {
  expect(corpus.floor).toBe(0.6522636128359811);
  expect(corpus.text(1, 3, 60)).toBe("mo di posea flugruck neesepal di dean di di zix kol gros di ");
});

it("text(seed, stream, length) continues the shorter text and differs between seeds and streams", () => {
  const text = corpus.text(1, 2, 500);
  expect(corpus.text(1, 2, 1000).slice(0, 500)).toBe(text);
  expect(corpus.text(2, 2, 500)).not.toBe(text);
  expect(corpus.text(1, 3, 500)).not.toBe(text);
});

it("fill returns the token that follows the sequence", () => {
  const tokens = new Int32Array(50);
  for (let length = 1; length < tokens.length; length++) {
    const following = corpus.fill({seed: 1, stream: 2, step: 0, index: 0}, tokens, 0, length);
    expect(corpus.decode(Int32Array.of(following))).toBe(corpus.text(1, 2, 50)[length]);
  }
});

it("sequences begin as a window of endless text would, often within a word", () => {
  const tokens = new Int32Array(1);
  const sequences = 20_000;
  let spaces = 0;
  for (let index = 0; index < sequences; index++) {
    corpus.fill({seed: 1, stream: 0, step: 0, index}, tokens, 0, 1);
    if (corpus.decode(tokens) === " ") spaces++;
  }
  const {stationary} = corpus.chain;
  const meanLength = wordLengths(corpus).reduce((sum, length, word) => sum + stationary[word] * length, 0);
  const standardError = Math.sqrt((1 / meanLength) * (1 - 1 / meanLength)) / Math.sqrt(sequences);
  expect(Math.abs(spaces / sequences - 1 / meanLength)).toBeLessThan(4 * standardError);
});

it("markovCorpus(declaration, kernels, {vocabulary: 'byte'}) is the same language in bytes", () => {
  const bytes = markovCorpus(declaration, kernels, {vocabulary: "byte"});
  expect([corpus.vocabularySize, bytes.vocabularySize]).toEqual([27, 256]);
  expect(bytes.floor).toBe(corpus.floor);
  expect(bytes.text(5, 0, 200)).toBe(corpus.text(5, 0, 200));
});
