import type {Specials} from "../src/formats/format.js";

/** What the top codes of a float can mean, in a few words. */
export const specialsLabels: Readonly<Record<Specials, string>> = {
  ieee: "∞ and many NaN (ieee)",
  fn: "NaN at all ones (fn)",
  fnuz: "NaN instead of −0 (fnuz)",
  none: "all finite (none)",
  extended: "∞, NaN instead of −0 (P3109)",
  finite: "NaN instead of −0 (P3109)",
};
