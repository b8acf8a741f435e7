import fc from "fast-check";
import {expect, it} from "vitest";
import {byteVocabulary, characterVocabulary} from "../../../src/training/corpora/vocabulary.js";

const utf8 = (text: string) => new TextEncoder().encode(text);

it("characterVocabulary(text) numbers the distinct characters in the order of their code points", () => {
  const vocabulary = characterVocabulary("b😀a\nba\u{ffee}");
  expect(vocabulary.size).toBe(5);
  expect([...vocabulary.encode(utf8("\nab\u{ffee}😀"))]).toEqual([0, 1, 2, 3, 4]);
});

it("characterVocabulary(text) decodes what it encodes", () => {
  const unit = fc.constantFrom("a", "z", "\n", "\0", "é", "中", "\u{feff}", "😀", "\u{10ffff}");
  const property = fc.property(fc.string({unit}), (text) => {
    const vocabulary = characterVocabulary(text);
    expect(vocabulary.decode(vocabulary.encode(utf8(text)))).toBe(text);
  });
  fc.assert(property);
});

it("characterVocabulary(text) decodes texts longer than the arguments of one call", () => {
  const text = "abc".repeat(10_000);
  const vocabulary = characterVocabulary(text);
  expect(vocabulary.decode(vocabulary.encode(utf8(text)))).toBe(text);
});

it("characterVocabulary(text) rejects bytes that are not UTF-8", () => {
  expect(() => characterVocabulary("a").encode(Uint8Array.of(0xff))).toThrow(TypeError);
});

it("byteVocabulary takes every byte as its own token", () => {
  const bytes = Uint8Array.from({length: 256}, (_, i) => i);
  expect(byteVocabulary.size).toBe(256);
  expect([...byteVocabulary.encode(bytes)]).toEqual([...bytes]);
  expect(byteVocabulary.decode(byteVocabulary.encode(utf8("Ünïcödé")))).toBe("Ünïcödé");
});
