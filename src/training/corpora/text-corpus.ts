import {failure} from "../../errors.js";
import type {Corpus, CorpusKernels, VocabularyKind} from "./corpus.js";
import {streams} from "./corpus.js";
import {byteVocabulary, characterVocabulary, decodeUtf8, type Vocabulary} from "./vocabulary.js";

export interface TextOptions {
  readonly name: string;
  readonly vocabulary: VocabularyKind;
  /** Tokens in the sequences that will be asked for. */
  readonly context: number;
}

/** A text whose last tenth is held out; sequences are windows at random places of a split. */
export function textCorpus(
  bytes: Uint8Array,
  {name, vocabulary: kind, context}: TextOptions,
  {randomBits}: Pick<CorpusKernels, "randomBits">,
): Corpus {
  if (bytes.length === 0) throw failure(`corpus ${name} is empty`);
  const vocabulary = textVocabulary(bytes, kind, name);
  if (vocabulary.size < 2)
    throw failure(`corpus ${name} has one character only: there is nothing to predict`);
  const tokens = vocabulary.encode(bytes);
  const heldOutLength = Math.ceil(tokens.length / 10);
  const trainingLength = tokens.length - heldOutLength;
  if (Math.min(heldOutLength, trainingLength) <= context) {
    throw failure(
      `corpus ${name} is too short for context ${context}: it has ${tokens.length} tokens, of which ${heldOutLength} ` +
        `are held out, and both parts must have more than ${context}`,
    );
  }
  return {
    name,
    vocabularySize: vocabulary.size,
    floor: null,
    fill: ({seed, stream, step, index}, out, start, length) => {
      const isHeldOut = stream === streams.heldOut;
      const places = (isHeldOut ? heldOutLength : trainingLength) - length;
      const place = Math.floor((randomBits(seed, stream, step, index) / 2 ** 32) * places);
      const begin = isHeldOut ? trainingLength + place : place;
      for (let i = 0; i < length; i++) out[start + i] = tokens[begin + i];
      return tokens[begin + length];
    },
    decode: vocabulary.decode,
  };
}

function textVocabulary(bytes: Uint8Array, kind: VocabularyKind, name: string): Vocabulary {
  if (kind === "byte") return byteVocabulary;
  try {
    return characterVocabulary(decodeUtf8(bytes));
  } catch {
    throw failure(
      `corpus ${name} is not UTF-8 text, which the vocabulary "character" needs; "byte" takes any file`,
    );
  }
}
