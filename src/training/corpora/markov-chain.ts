import {failure} from "../../errors.js";
import {type CorpusKernels, streams} from "./corpus.js";
import {spellLexicon} from "./markov-lexicon.js";

/** The parameters that decide the language; equal parameters give the same language. */
export interface MarkovParameters {
  /** Number of distinct words, at most 65,536. */
  readonly words: number;
  /** Equally likely successors of each word, some of them equal; a power of two. */
  readonly successors: number;
  /** Exponent s of Zipf's law: the word of rank r is drawn as a successor in proportion to 1/rˢ. */
  readonly exponent: number;
  readonly seed: number;
}

/** A language of words separated by spaces, each word chosen by the one before it. */
export interface MarkovChain {
  readonly words: readonly string[];
  /** Number of successors of each word. */
  readonly successors: number;
  /** (words × successors): the word numbers that follow each word, all equally likely. */
  readonly table: Uint16Array;
  /** Stationary probability of each word. */
  readonly stationary: Float64Array;
  /** Nats per character, spaces included. */
  readonly entropyRate: number;
}

/**
 * Builds the language. Words have a power of two of equally likely successors, so that a draw is one look-up by random
 * bits and every transition probability is exact. Successors are drawn from Zipf's law with repetition, which makes the
 * frequencies of words nearly Zipf's; the first successor is the next word of the lexicon, so that all words occur.
 */
export function markovChain(parameters: MarkovParameters, kernels: CorpusKernels): MarkovChain {
  const words = spellLexicon(parameters, kernels);
  const table = drawSuccessors(parameters, kernels);
  const stationary = stationaryDistribution(table, words.length);
  const entropyRate = characterEntropy(words, table, stationary, kernels);
  return {words, successors: parameters.successors, table, stationary, entropyRate};
}

function drawSuccessors(
  {words, successors, exponent, seed}: MarkovParameters,
  {randomBits, exp, log}: CorpusKernels,
): Uint16Array {
  const shares = cumulativeShares(Float64Array.from({length: words}, (_, i) => exp(-exponent * log(i + 1))));
  return Uint16Array.from({length: words * successors}, (_, i) => {
    if (i % successors === 0) return (i / successors + 1) % words;
    return pickByShare(shares, randomBits(seed, streams.successors, 0, i));
  });
}

/** Power iteration: the distribution over words that one step of the chain leaves as it is. */
function stationaryDistribution(table: Uint16Array, words: number): Float64Array {
  const successors = table.length / words;
  let current = new Float64Array(words).fill(1 / words);
  for (let iteration = 0; iteration < 10_000; iteration++) {
    const next = new Float64Array(words);
    for (let i = 0; i < table.length; i++) next[table[i]] += current[Math.floor(i / successors)] / successors;
    const change = next.reduce((sum, share, i) => sum + Math.abs(share - current[i]), 0);
    current = next;
    if (change < 1e-15) return current;
  }
  throw failure("the Markov chain has no stationary distribution: choose another seed or more successors");
}

/**
 * Σ πᵢ·H(Pᵢ) / Σ πᵢ·(lengthᵢ + 1) (Cover & Thomas, Elements of Information Theory, theorem 4.2.4): a word and the space
 * after it take as many nats as the choice of the word, because spelling is uniquely decodable.
 */
function characterEntropy(
  words: readonly string[],
  table: Uint16Array,
  stationary: Float64Array,
  {log}: CorpusKernels,
): number {
  const successors = table.length / words.length;
  let nats = 0;
  let characters = 0;
  for (let word = 0; word < words.length; word++) {
    const counts = new Map<number, number>();
    for (const next of table.subarray(word * successors, (word + 1) * successors)) {
      counts.set(next, (counts.get(next) ?? 0) + 1);
    }
    let entropy = 0;
    for (const count of counts.values()) entropy -= (count / successors) * log(count / successors);
    nats += stationary[word] * entropy;
    characters += stationary[word] * (words[word].length + 1);
  }
  return nats / characters;
}

/** Running sums of the weights as shares of their total. */
export function cumulativeShares(weights: Float64Array): Float64Array {
  let sum = 0;
  const sums = weights.map((weight) => (sum += weight));
  return sums.map((part) => part / sum);
}

/** The first index whose cumulative share lies above the random bits, read as a fraction of 2³². */
export function pickByShare(shares: Float64Array, bits: number): number {
  const share = bits / 2 ** 32;
  let low = 0;
  let high = shares.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (shares[middle] > share) high = middle;
    else low = middle + 1;
  }
  return low;
}
