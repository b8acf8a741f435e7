import {formatProperties} from "../formats/derived.js";
import {rulesFor} from "../formats/policy.js";
import {powerOfTwo} from "../formats/power-of-two.js";
import type {Quantizer} from "./quantizer.js";

/** What the kernel `castBlocks` is given. */
export interface AdditionConstants {
  readonly mantissaBits: number;
  readonly minimumExponent: number;
  readonly largest: number;
}

/**
 * The constants with which the kernel `castBlocks` casts finite values as the quantizer does, by a float addition that
 * rounds to nearest even after saturation; undefined where the quantizer does anything else.
 */
export function additionConstants({format, rounding, policy}: Quantizer): AdditionConstants | undefined {
  if (format.kind !== "float" || rounding !== "nearest-even") return undefined;
  const rules = rulesFor(format, policy);
  const isPlain =
    format.signed &&
    format.zero === "signed" &&
    format.subnormals &&
    format.exponentBits > 0 &&
    rules.finiteOverflow === "largest" &&
    rules.negativeZero === "keep" &&
    rules.subnormalInput === "keep" &&
    rules.subnormalOutput === "keep";
  const {mantissaBits} = format;
  const {minimumExponent, largest} = formatProperties(format);
  const isAddable =
    mantissaBits >= 1 &&
    mantissaBits <= 22 &&
    minimumExponent >= -126 &&
    largest * powerOfTwo(23 - mantissaBits) < powerOfTwo(127);
  return isPlain && isAddable ? {mantissaBits, minimumExponent, largest} : undefined;
}
