/** Tokens are numbers from 0 to `size` − 1. */
export interface Vocabulary {
  readonly size: number;
  /** @throws TypeError when the vocabulary is of characters and the bytes are not UTF-8 */
  readonly encode: (bytes: Uint8Array) => Int32Array;
  readonly decode: (tokens: Int32Array) => string;
}

/** All 256 bytes: any file can be read, whatever its encoding. */
export const byteVocabulary: Vocabulary = {
  size: 256,
  encode: (bytes) => Int32Array.from(bytes),
  decode: (tokens) => new TextDecoder().decode(Uint8Array.from(tokens)),
};

/** The distinct characters of `text`, numbered in the order of their code points. */
export function characterVocabulary(text: string): Vocabulary {
  const characters = [...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const tokenOf = new Map(characters.map((character, token) => [character, token]));
  const codePoints = characters.map((character) => character.codePointAt(0)!);
  return {
    size: characters.length,
    encode: (bytes) => {
      const tokens = new Int32Array(bytes.length); // at least one byte for each character
      let count = 0;
      for (const character of decodeUtf8(bytes)) tokens[count++] = tokenOf.get(character)!;
      return tokens.slice(0, count);
    },
    decode: (tokens) => textOf(tokens.map((token) => codePoints[token])),
  };
}

function textOf(codePoints: Int32Array): string {
  const chunk = 4096; // arguments of one call
  let text = "";
  for (let i = 0; i < codePoints.length; i += chunk) {
    text += Reflect.apply(String.fromCodePoint, null, codePoints.subarray(i, i + chunk));
  }
  return text;
}

/** @throws TypeError when the bytes are not UTF-8 */
export const decodeUtf8 = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);
