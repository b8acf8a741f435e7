import type {FloatFormat, Format} from "../src/formats/format.js";
import {codeClass, exponentField} from "./code-class.js";
import {powerLabel} from "./power-label.js";

/** One sentence that says what a code is, and why. */
export function codeSentence(format: Format, bits: string): string {
  const kind = codeClass(format, bits);
  if (format.kind === "codebook") {
    return `Entry ${Number.parseInt(bits, 2)} of a table of ${2 ** format.bits}: the code is looked up, not computed.`;
  }
  if (format.kind === "integer") {
    const unit = format.fractionBits > 0 ? `, in steps of ${powerLabel(-format.fractionBits)}` : "";
    return format.signed
      ? `Two’s complement: the bits count their powers of two, the top one negatively${unit}.`
      : `Unsigned: every bit counts its power of two${unit}.`;
  }
  const field = exponentField(format, bits);
  if (kind === "NaN") return nanReason(format);
  if (kind === "infinity") {
    return format.specials === "ieee"
      ? "Infinity: the exponent field is all ones and the mantissa is 0."
      : "Infinity: the code that follows the largest finite value.";
  }
  if (kind === "zero") {
    const negative =
      format.zero === "signed"
        ? "; the sign bit makes a second zero, −0"
        : format.signed
          ? "; there is no −0"
          : "";
    return `Zero: exponent field and mantissa are both 0${negative}.`;
  }
  if (kind === "subnormal") {
    return `Subnormal: the exponent field is 0, so the exponent stays at ${minus(1 - format.bias)}, and no 1 stands before the point.`;
  }
  const implicit = format.mantissaBits > 0 ? ", and a 1 stands before the point without being stored" : "";
  return `Normal: the exponent is the field less the bias, ${field} − ${minus(format.bias)} = ${minus(field - format.bias)}${implicit}.`;
}

function nanReason({specials, signed}: FloatFormat): string {
  if (specials === "ieee") return "Not a number: the exponent field is all ones and the mantissa is not 0.";
  if (specials === "fn") {
    return `Not a number: all ones${signed ? " after the sign" : ""} is the only pattern that is no value.`;
  }
  return signed
    ? "Not a number: the code that would be −0 is the only one that is no value."
    : "Not a number: all ones is the only code that is no value.";
}

/** An integer with a typographic minus, in brackets where it follows another one. */
const minus = (x: number): string => String(x).replace("-", "−");
