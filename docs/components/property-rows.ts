import {codeBits} from "../src/formats/decode.js";
import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {exactDecimal} from "./exact-decimal.js";
import {numberText, roundedText} from "./number-text.js";
import {powerLabel} from "./power-label.js";

/** A derived property of a format, in words. */
export interface PropertyRow {
  readonly property: string;
  /** One text for each format, empty where it has no such thing. */
  readonly texts: readonly string[];
}

/** What follows from the records of some formats. */
export function propertyRows(formats: readonly Format[]): PropertyRow[] {
  return properties.map(({property, text}) => ({property, texts: formats.map(text)}));
}

const quantity = (x: number | null): string => {
  if (x === null) return "–";
  if (!Number.isFinite(x)) return numberText(x);
  const exponent = Math.log2(Math.abs(x));
  const power = Number.isInteger(exponent) ? `${x < 0 ? "−" : ""}${powerLabel(exponent)}` : "";
  const exact = exactDecimal(x);
  const decimal = exact.length <= 12 ? exact : roundedText(x, 5);
  return power && x !== 1 && decimal !== "2"
    ? `${power} = ${decimal}`.replace("= ", exact.length <= 12 ? "= " : "≈ ")
    : decimal;
};

const properties: readonly {property: string; text: (format: Format) => string}[] = [
  {property: "Bits", text: (format) => String(codeBits(format))},
  {property: "Sign, exponent, mantissa", text: fieldWidths},
  {
    property: "Bias",
    text: (format) => (format.kind === "float" ? String(format.bias).replace("-", "−") : "–"),
  },
  {property: "Largest value", text: (format) => quantity(formatProperties(format).largest)},
  {property: "Lowest value", text: (format) => quantity(formatProperties(format).lowest)},
  {property: "Smallest normal", text: (format) => quantity(formatProperties(format).smallestNormal)},
  {property: "Largest subnormal", text: (format) => quantity(formatProperties(format).largestSubnormal)},
  {property: "Smallest positive", text: (format) => quantity(formatProperties(format).smallest)},
  {property: "Spacing above 1", text: (format) => quantity(formatProperties(format).epsilon)},
  {property: "Rounds beyond the largest from", text: threshold},
  {property: "Finite values", text: (format) => formatProperties(format).finiteValues.toLocaleString("en")},
  {property: "Codes for zero", text: (format) => String(formatProperties(format).zeros)},
  {property: "Codes for infinity", text: (format) => String(formatProperties(format).infinities)},
  {property: "Codes for NaN", text: (format) => formatProperties(format).nans.toLocaleString("en")},
  {property: "Other names", text: ({aliases}) => aliases.join(", ") || "–"},
];

export function fieldWidths(format: Format): string {
  if (format.kind === "float") {
    return `${format.signed ? 1 : 0} · ${format.exponentBits} · ${format.mantissaBits}`;
  }
  if (format.kind === "codebook") return "a table";
  return format.fractionBits > 0 ? `integer · 2${powerLabel(-format.fractionBits).slice(1)}` : "an integer";
}

function threshold(format: Format): string {
  const {overflowThreshold, thresholdIsKept} = formatProperties(format);
  return `${quantity(overflowThreshold)}${thresholdIsKept ? ", itself kept" : ""}`;
}
