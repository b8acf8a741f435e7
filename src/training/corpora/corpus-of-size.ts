import type {Corpus} from "./corpus.js";

/** A corpus as far as the size of a model depends on it; there is nothing to read in it. */
export const corpusOfSize = (name: string, vocabularySize: number): Corpus => ({
  name,
  vocabularySize,
  floor: null,
  fill: () => 0,
  decode: () => "",
});
