import fc from "fast-check";
import {beforeAll, describe, expect, it} from "vitest";
import {createKernels} from "../../../src/kernels/kernels.js";
import {type BatchPlace, batchTokens, type Corpus} from "../../../src/training/corpora/corpus.js";
import {markovCorpus} from "../../../src/training/corpora/markov.js";
import {textCorpus} from "../../../src/training/corpora/text-corpus.js";

const corpora: Record<string, Corpus> = {};

beforeAll(async () => {
  const kernels = await createKernels();
  const language = {kind: "markov", name: "markov", words: 64, successors: 8, exponent: 1, seed: 3} as const;
  corpora.markov = markovCorpus(language, kernels);
  const text = new TextEncoder().encode(
    corpora.markov.decode(firstBatch(corpora.markov, {batch: 100, context: 100})),
  );
  corpora.text = textCorpus(text, {name: "text", vocabulary: "character", context: 100}, kernels);
});

const place: BatchPlace = {split: "training", seed: 1, step: 0, batch: 4, context: 16};

function batchOf(corpus: Corpus, changes: Partial<BatchPlace> = {}) {
  const at = {...place, ...changes};
  const tokens = new Int32Array(at.batch * at.context);
  const targets = new Int32Array(at.batch * at.context);
  batchTokens(corpus, at, tokens, targets);
  return {tokens, targets};
}

const firstBatch = (corpus: Corpus, changes: Partial<BatchPlace>) => batchOf(corpus, changes).tokens;

describe.each(["markov", "text"])("batchTokens(%s)", (name) => {
  it("gives as targets the tokens one place further on", () => {
    const {tokens, targets} = batchOf(corpora[name]);
    for (let i = 0; i < tokens.length; i++) {
      if ((i + 1) % place.context !== 0) expect(targets[i]).toBe(tokens[i + 1]);
    }
  });

  it("gives the same batch for the same place, whatever was asked for before", () => {
    const first = batchOf(corpora[name], {step: 5});
    batchOf(corpora[name], {step: 9, seed: 4});
    expect(batchOf(corpora[name], {step: 5})).toEqual(first);
  });

  it("gives other training batches for other seeds and steps", () => {
    const {tokens} = batchOf(corpora[name]);
    expect(batchOf(corpora[name], {seed: 2}).tokens).not.toEqual(tokens);
    expect(batchOf(corpora[name], {step: 1}).tokens).not.toEqual(tokens);
  });

  it("gives other sequences within a batch", () => {
    const {tokens} = batchOf(corpora[name]);
    expect(tokens.subarray(0, 16)).not.toEqual(tokens.subarray(16, 32));
  });

  it("gives held-out batches that differ from the training batches and do not depend on the seed", () => {
    const heldOut = batchOf(corpora[name], {split: "held-out"});
    expect(batchOf(corpora[name], {split: "held-out", seed: 77})).toEqual(heldOut);
    expect(batchOf(corpora[name]).tokens).not.toEqual(heldOut.tokens);
    expect(batchOf(corpora[name], {split: "held-out", step: 1}).tokens).not.toEqual(heldOut.tokens);
  });

  it("keeps all tokens within the vocabulary", () => {
    const changes = fc.record({step: fc.nat(), seed: fc.nat(), batch: fc.integer({min: 1, max: 8})});
    const property = fc.property(changes, (change) => {
      const {tokens, targets} = batchOf(corpora[name], change);
      for (const token of [...tokens, ...targets]) {
        expect(token).toBeGreaterThanOrEqual(0);
        expect(token).toBeLessThan(corpora[name].vocabularySize);
      }
    });
    fc.assert(property, {numRuns: 50});
  });
});
