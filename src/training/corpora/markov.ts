import type {Corpus, CorpusKernels, SequencePlace, VocabularyKind} from "./corpus.js";
import {
  cumulativeShares,
  type MarkovChain,
  type MarkovParameters,
  markovChain,
  pickByShare,
} from "./markov-chain.js";
import {byteVocabulary, characterVocabulary} from "./vocabulary.js";

export interface MarkovDeclaration extends MarkovParameters {
  readonly kind: "markov";
  readonly name: string;
}

export interface MarkovCorpus extends Corpus {
  readonly floor: number;
  readonly chain: MarkovChain;
  /** Any amount of fresh text, begun at a random place within a word. */
  readonly text: (seed: number, stream: number, length: number) => string;
}

/**
 * A generated language with a known entropy rate. Every sequence is fresh text of the stationary process: it begins
 * within a word, as a window cut out of endless text would, so the floor holds for every position of every sequence.
 */
export function markovCorpus(
  declaration: MarkovDeclaration,
  kernels: CorpusKernels,
  {vocabulary: kind = "character"}: {vocabulary?: VocabularyKind} = {},
): MarkovCorpus {
  const chain = markovChain(declaration, kernels);
  const vocabulary = kind === "byte" ? byteVocabulary : characterVocabulary("abcdefghijklmnopqrstuvwxyz ");
  const fill = sequenceWriter(chain, vocabulary.encode, kernels);
  return {
    name: declaration.name,
    vocabularySize: vocabulary.size,
    floor: chain.entropyRate,
    chain,
    fill,
    decode: vocabulary.decode,
    text: (seed, stream, length) => {
      const tokens = new Int32Array(length);
      fill({seed, stream, step: 0, index: 0}, tokens, 0, length);
      return vocabulary.decode(tokens);
    },
  };
}

function sequenceWriter(
  {words, successors, table, stationary}: MarkovChain,
  encode: (bytes: Uint8Array) => Int32Array,
  {randomBits}: CorpusKernels,
): Corpus["fill"] {
  const spellings = words.map((word) => `${word} `);
  const letters = encode(new TextEncoder().encode(spellings.join("")));
  const begins = new Int32Array(words.length + 1); // of each word in `letters`, and the end of the last
  for (let word = 0; word < words.length; word++) begins[word + 1] = begins[word] + spellings[word].length;
  // A place in endless text lies in a word as often as the word occurs, times its length.
  const shares = cumulativeShares(stationary.map((share, word) => share * spellings[word].length));
  const unusedBits = Math.clz32(successors) + 1; // of 32, after the log2(successors) that choose

  return ({seed, stream, step, index}: SequencePlace, tokens, start, length) => {
    // A sequence takes two draws for its beginning and at most one for each of its tokens.
    let draw = index * (length + 2);
    let word = pickByShare(shares, randomBits(seed, stream, step, draw++));
    const share = randomBits(seed, stream, step, draw++) / 2 ** 32;
    let position = begins[word] + Math.floor(share * spellings[word].length);
    for (let i = start; i < start + length; i++) {
      tokens[i] = letters[position++];
      if (position < begins[word + 1]) continue;
      word = table[word * successors + (randomBits(seed, stream, step, draw++) >>> unusedBits)];
      position = begins[word];
    }
    return letters[position];
  };
}
