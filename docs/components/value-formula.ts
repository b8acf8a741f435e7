import type {Format} from "../src/formats/format.js";
import {decodeBits} from "./code-bits.js";
import {codeClass, exponentField} from "./code-class.js";
import {elementMaker} from "./element-maker.js";
import {exactDecimal} from "./exact-decimal.js";
import {fractionText, numberText} from "./number-text.js";

/** A piece of a formula, in the colour of the field that it comes from. */
export interface FormulaPart {
  readonly text: string;
  readonly meaning?: "sign" | "exponent" | "mantissa" | "scale";
  readonly position?: "sup" | "sub";
}

/** Digits up to which a value is written out. */
const writtenDigits = 60;

/** How the value of a code is made from its fields, one line for each step. */
export function valueFormula(format: Format, bits: string): FormulaPart[][] {
  const value = decodeBits(format, bits);
  const kind = codeClass(format, bits);
  if (kind === "NaN" || kind === "infinity") return [[{text: numberText(value)}]];
  const result = resultParts(value);
  if (format.kind === "codebook") {
    return [[{text: `table[${Number.parseInt(bits, 2)}]`}, ...result]];
  }
  if (format.kind === "integer") return [[...integerParts(bits, format), ...result]];
  const {signed, exponentBits, mantissaBits, bias} = format;
  const field = exponentField(format, bits);
  const isNormal = kind === "normal";
  const exponent = (isNormal ? field : 1) - bias;
  const fraction = bits.slice((signed ? 1 : 0) + exponentBits);
  const leading = isNormal ? "1" : "0";
  const sign = signed ? [{text: bits[0] === "1" ? "−" : "+", meaning: "sign"} as const, {text: " "}] : [];
  const power = (text: string): FormulaPart[] => [
    {text: "2", meaning: "exponent"},
    {text, meaning: "exponent", position: "sup"},
  ];
  const significand = Number.parseInt(leading + fraction, 2) / 2 ** mantissaBits;
  return [
    [
      ...sign,
      ...power(`${isNormal ? field : 1} ${bias < 0 ? "+" : "−"} ${Math.abs(bias)}`),
      ...(mantissaBits > 0
        ? ([
            {text: " × "},
            {text: `${leading}.${fraction}`, meaning: "mantissa"},
            {text: "2", meaning: "mantissa", position: "sub"},
          ] as const)
        : []),
    ],
    [
      {text: "= "},
      ...sign,
      ...power(minus(exponent)),
      ...(mantissaBits > 0
        ? ([{text: " × "}, {text: numberText(significand), meaning: "mantissa"}] as const)
        : []),
    ],
    result,
  ];
}

/** "−128 + 4 + 1": what the bits that are set count. */
function integerParts(
  bits: string,
  {signed, fractionBits}: {signed: boolean; fractionBits: number},
): FormulaPart[] {
  const parts = [...bits].flatMap((bit, i) => {
    const weight = 2 ** (bits.length - 1 - i - fractionBits);
    const isSign = signed && i === 0;
    const part: FormulaPart = {
      text: numberText(isSign ? -weight : weight),
      meaning: isSign ? "sign" : "mantissa",
    };
    return bit === "1" ? [part] : [];
  });
  if (parts.length === 0) return [{text: "0", meaning: "mantissa"}];
  return parts.flatMap((part, i) => (i === 0 ? [part] : [{text: " + "}, part]));
}

function resultParts(value: number): FormulaPart[] {
  const exact = exactDecimal(value);
  const decimal = exact.length <= writtenDigits ? exact : numberText(value);
  const fraction = value === 0 ? null : fractionText(value);
  return [
    {text: ` ${decimal.startsWith("≈") ? "" : "= "}${decimal}`},
    ...(fraction ? powers(` = ${fraction}`) : []),
  ];
}

/** Superscript digits as such parts. */
function powers(text: string): FormulaPart[] {
  const pieces = text.split(/([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/).filter((piece) => piece !== "");
  return pieces.map((piece) =>
    /^[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/.test(piece)
      ? {
          text: Array.from(piece, (digit) => "−0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)]).join(""),
          position: "sup",
        }
      : {text: piece},
  );
}

const minus = (x: number): string => String(x).replace("-", "−");

/** Formula parts as elements. */
export function formulaElement(
  lines: readonly (readonly FormulaPart[])[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const pieces = lines.map((line) =>
    make(
      "span",
      {class: "formula-line"},
      ...line.map(({text, meaning, position}) => make(position ?? "span", {class: meaning ?? false}, text)),
      " ",
    ),
  );
  return make("p", {class: "formula"}, ...pieces);
}
