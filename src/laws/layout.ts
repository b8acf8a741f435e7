import type {ConstantValues} from "./law.js";

export interface Layout {
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

/**
 * The split of P bits, one of them the sign, that loses least by the floating-point law with exponents δ and ν:
 * E = δ·P/(δ+ν) - ½, M = ν·P/(δ+ν) - ½ (Sun et al., section 4). Bits need not be whole.
 */
export function layoutFor(bits: number, {delta, nu}: ConstantValues): Layout {
  return {exponentBits: (delta * bits) / (delta + nu) - 0.5, mantissaBits: (nu * bits) / (delta + nu) - 0.5};
}

/** The best split of P whole bits into whole bits, from P = 1 on: of all splits, that with the largest (E+½)^δ·(M+½)^ν. */
export function integerLayoutFor(bits: number, {delta, nu}: ConstantValues): Layout {
  const worth = (exponentBits: number) =>
    delta * Math.log(exponentBits + 0.5) + nu * Math.log(bits - 1 - exponentBits + 0.5);
  let exponentBits = 0;
  for (let other = 1; other <= bits - 1; other++) {
    if (worth(other) > worth(exponentBits)) exponentBits = other;
  }
  return {exponentBits, mantissaBits: bits - 1 - exponentBits};
}
