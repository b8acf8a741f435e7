import type {Kernels} from "../../kernels/kernels.js";

/** What corpora need of the kernels: counter-based random bits and portable logarithms. */
export type CorpusKernels = Pick<Kernels, "randomBits" | "log" | "exp">;

/** How text becomes tokens: the distinct characters of the corpus, or all 256 bytes. */
export type VocabularyKind = "character" | "byte";

/** Text of the two splits is never the same. */
export type Split = "training" | "held-out";

/**
 * Streams of the counter-based generator that corpora draw from. The seed of a run also initializes its weights: those
 * use streams from 65,536 on.
 */
export const streams = {lexicon: 1, successors: 2, training: 3, heldOut: 4} as const;

/** Where a sequence lies among all sequences of a corpus; equal places give equal tokens. */
export interface SequencePlace {
  readonly seed: number;
  readonly stream: number;
  readonly step: number;
  /** Position in the batch. */
  readonly index: number;
}

export interface Corpus {
  readonly name: string;
  readonly vocabularySize: number;
  /** Entropy rate in nats per token, a lower bound on the expected loss of any model; null where it is not known. */
  readonly floor: number | null;
  /** Writes `length` consecutive tokens from `tokens[start]` on, and returns the token that follows them. */
  readonly fill: (place: SequencePlace, tokens: Int32Array, start: number, length: number) => number;
  readonly decode: (tokens: Int32Array) => string;
}

export interface BatchPlace {
  readonly split: Split;
  /** The run's seed; held-out batches do not depend on it. */
  readonly seed: number;
  /** Training step, or number of the held-out batch; from 0. */
  readonly step: number;
  /** Sequences in the batch. */
  readonly batch: number;
  /** Tokens in a sequence. */
  readonly context: number;
}

/**
 * Fills `tokens` and `targets`, both (batch × context), with sequences and the tokens that follow each of theirs.
 * Any batch can be asked for at any time; equal places give equal batches. Does not allocate.
 */
export function batchTokens(
  corpus: Corpus,
  {split, seed, step, batch, context}: BatchPlace,
  tokens: Int32Array,
  targets: Int32Array,
): void {
  const isTraining = split === "training";
  const stream = isTraining ? streams.training : streams.heldOut;
  for (let index = 0; index < batch; index++) {
    const start = index * context;
    const last = start + context - 1;
    const place = {seed: isTraining ? seed : 0, stream, step, index};
    const following = corpus.fill(place, tokens, start, context);
    for (let i = start; i < last; i++) targets[i] = tokens[i + 1];
    targets[last] = following;
  }
}
