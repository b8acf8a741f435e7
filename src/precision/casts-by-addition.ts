import {formatProperties} from "../formats/derived.js";
import {powerOfTwo} from "../formats/power-of-two.js";
import type {Quantizer} from "./quantizer.js";

/** Whether the kernel `castBlocks` casts finite values as the quantizer does: by a float addition, saturating. */
export function castsByAddition({format, rounding, policy}: Quantizer): boolean {
  if (format.kind !== "float" || rounding !== "nearest-even") return false;
  const {mantissaBits} = format;
  const {minimumExponent, largest} = formatProperties(format);
  return (
    policy.finiteOverflow === "largest" &&
    policy.negativeZero === "keep" &&
    mantissaBits >= 1 &&
    mantissaBits <= 22 &&
    minimumExponent >= -126 &&
    largest * powerOfTwo(23 - mantissaBits) < powerOfTwo(127)
  );
}
