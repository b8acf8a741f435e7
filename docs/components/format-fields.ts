import type {Format} from "../src/formats/format.js";
import type {BitField} from "./bit-view.js";
import {powerLabel} from "./power-label.js";

/** The fields of a format's codes, from the top bit down, each bit with what it counts for. */
export function formatFields(format: Format): BitField[] {
  if (format.kind === "codebook")
    return [{meaning: "code", label: "index into the table", bits: format.bits}];
  if (format.kind === "integer") {
    const {bits, fractionBits, signed} = format;
    const top = bits - fractionBits - 1;
    const whole = {meaning: "mantissa", label: fractionBits > 0 ? "whole" : "integer"} as const;
    return present([
      ...(signed ? [{meaning: "sign", label: "sign", bits: 1, weights: [`−${weight(top)}`]} as const] : []),
      {...whole, ...weighted(signed ? top : top + 1, signed ? top - 1 : top)},
      {meaning: "mantissa", label: "fraction", ...weighted(fractionBits, -1)},
    ]);
  }
  const {exponentBits, mantissaBits, signed} = format;
  return [
    ...(signed ? [{meaning: "sign", label: "sign", bits: 1, weights: ["±"]} as const] : []),
    {meaning: "exponent", label: "exponent", ...weighted(exponentBits, exponentBits - 1)},
    {meaning: "mantissa", label: "mantissa", ...weighted(mantissaBits, -1)},
  ];
}

const present = (fields: readonly BitField[]): BitField[] => fields.filter(({bits}) => bits > 0);

/** Bits that count 2^top, 2^(top − 1) and so on. */
const weighted = (bits: number, top: number) => ({
  bits,
  weights: Array.from({length: bits}, (_, i) => weight(top - i)),
});

function weight(exponent: number): string {
  if (exponent < -7 || exponent > 10) return powerLabel(exponent);
  return exponent < 0 ? (fractions[exponent] ?? `1/${2 ** -exponent}`) : String(2 ** exponent);
}

const fractions: Record<number, string> = {"-1": "½", "-2": "¼", "-3": "⅛"};
