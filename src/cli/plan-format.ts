import {usageError} from "../errors.js";
import {codeBits} from "../formats/decode.js";
import {parseFormat} from "../formats/parse.js";
import {blockSizeOf} from "../laws/floating-point.js";
import {mostBits, type PlanQuestion} from "../laws/plan.js";
import {findBlockFormat, scalingOf} from "../precision/block-format.js";

/**
 * What a number format means to the laws: its bits, its layout and, for block formats, how many elements share a scale. An
 * integer has no exponent bits, as in Sun et al.
 * @throws a usage error for formats that are neither floating point nor integers, or of more than 16 bits
 */
export function planFormat(name: string): Pick<PlanQuestion, "layout" | "blockSize"> {
  const block = findBlockFormat(name);
  const format = parseFormat(block?.element ?? name);
  if (format.kind === "codebook") {
    throw usageError(`--format ${name}: laws know floating point and integers, not lists of values`);
  }
  const layout =
    format.kind === "float"
      ? {exponentBits: format.exponentBits, mantissaBits: format.mantissaBits}
      : {exponentBits: 0, mantissaBits: codeBits(format) - 1};
  const bits = 1 + layout.exponentBits + layout.mantissaBits;
  if (bits < 1 || bits > mostBits)
    throw usageError(`--format ${name}: expected at most ${mostBits} bits, not ${bits}`);
  if (!block) return {layout};
  const {blockRows, blockColumns} = scalingOf(block);
  const isCounted = typeof blockRows === "number" && typeof blockColumns === "number";
  return {layout, ...(isCounted && {blockSize: blockRows * blockColumns})};
}

/** A number of elements that share a scale, or `channel`. @throws a usage error that names the option */
export function planBlockSize(text: string): number {
  try {
    return blockSizeOf(text);
  } catch (error) {
    throw error instanceof Error ? usageError(`--block-size: ${error.message}`) : error;
  }
}
