import {elementMaker} from "./element-maker.js";

/** Superscript digits, which few text faces draw well, and what they stand for. */
const plain: Record<string, string> = {"⁻": "−"};
for (const [digit, superscript] of Array.from("⁰¹²³⁴⁵⁶⁷⁸⁹").entries()) plain[superscript] = String(digit);

/** A text for running prose: powers such as 2⁻¹⁶ get exponents that are typeset, not characters. */
export function typeset(
  text: string,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLSpanElement {
  const make = elementMaker(document);
  const pieces = text.split(/([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/);
  const children = pieces.map((piece, i) =>
    i % 2 === 0 ? piece : make("sup", {}, Array.from(piece, (character) => plain[character]).join("")),
  );
  return make("span", {}, ...children);
}
