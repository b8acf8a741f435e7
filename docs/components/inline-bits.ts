import type {Format} from "../src/formats/format.js";
import type {BitMeaning} from "./bit-view.js";
import {elementMaker} from "./element-maker.js";
import {formatFields} from "./format-fields.js";

export interface InlineBitsOptions {
  /** The one meaning that all bits have, for a code that is a scale. */
  readonly as?: BitMeaning;
  readonly document?: Document;
}

/** The bits of a code in a line of text, in the colours of their fields. */
export function inlineBits(
  format: Format,
  bits: string,
  {as, document = globalThis.document}: InlineBitsOptions = {},
): HTMLElement {
  const make = elementMaker(document);
  let start = 0;
  const parts = formatFields(format)
    .filter((field) => field.bits > 0)
    .map((field) => {
      const part = bits.slice(start, start + field.bits);
      start += field.bits;
      return make("span", {class: as ?? field.meaning}, part);
    });
  return make("code", {class: "inline-bits"}, ...parts);
}
