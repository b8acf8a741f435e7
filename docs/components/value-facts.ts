import type {CastView} from "./cast-view.js";
import {hexCode} from "./code-bits.js";
import {codeClass} from "./code-class.js";
import {elementMaker} from "./element-maker.js";
import {numberText, roundedText} from "./number-text.js";
import {spacingAt} from "./spacing-at.js";
import {typeset} from "./typeset.js";

/** What there is to know about a cast value, as names and values. */
export function valueFacts(
  view: CastView,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLDListElement {
  const make = elementMaker(document);
  const entries = factsOf(view).map(([name, text]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, typeset(text, {document}))),
  );
  return make("dl", {class: "value-facts"}, ...entries);
}

function factsOf({format, typed, value, bits, hasCode}: CastView): [string, string][] {
  const spacing = hasCode ? spacingAt(format, bits) : null;
  const error = Number.isFinite(typed) && Number.isFinite(value) ? value - typed : null;
  return [
    ["Value", numberText(value)],
    ["Kind", hasCode ? codeClass(format, bits) : "no code"],
    ["Code", hasCode ? hexCode(bits) : "none"],
    ["Spacing (ulp)", spacing === null ? "none" : numberText(spacing)],
    ["Error", errorText(error, typed, spacing)],
  ];
}

/** "+0.0015625, 1.56%, 0.2 ulp" */
function errorText(error: number | null, typed: number, spacing: number | null): string {
  if (error === null) return "undefined";
  if (error === 0) return "0";
  const sign = error > 0 ? "+" : "";
  const relative = typed === 0 ? "" : `, ${roundedText((100 * Math.abs(error)) / Math.abs(typed), 3)}%`;
  const ulps = spacing ? `, ${roundedText(Math.abs(error) / spacing, 3)} ulp` : "";
  return `${sign}${roundedText(error, 4)}${relative}${ulps}`;
}
