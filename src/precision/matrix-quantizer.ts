import type {Format} from "../formats/format.js";
import type {ScaleConstants} from "../kernels/reference/block-scales.js";
import {type AdditionConstants, additionConstants} from "./addition-constants.js";
import {randomBitsOfClamped} from "./cast-constants.js";
import {parseScaling} from "./parse-scaling.js";
import {type Quantizer, type QuantizerOptions, quantizer} from "./quantizer.js";
import {type Scaling, scaleConstants} from "./scaling.js";

/** How a matrix is cast: its elements, and the scales of its blocks. Plain data. */
export interface MatrixQuantizer {
  readonly element: Quantizer;
  readonly scaling: Scaling;
  readonly scaleConstants: ScaleConstants;
  /** For the kernel that scales and casts at once; undefined where it does not suit. */
  readonly fused: AdditionConstants | undefined;
  /** How many random bits each element has in the kernel that does so stochastically; undefined where it does not suit. */
  readonly fusedRandomBits: 32 | 16 | undefined;
}

/**
 * @param format of the elements
 * @param scaling one, or its text, see `parseScaling`
 * @param options policy `ocp-saturate` if none is given; elements saturate under every policy, as block formats have it
 * @throws a usage error for an unknown name, or parts that do not go together
 */
export function matrixQuantizer(
  format: Format | string,
  scaling: Scaling | string,
  options: Omit<QuantizerOptions, "scaling" | "saturate"> = {},
): MatrixQuantizer {
  const element = quantizer(format, {policy: "ocp-saturate", ...options, saturate: true});
  const parts = typeof scaling === "string" ? parseScaling(scaling) : scaling;
  return {
    element,
    scaling: parts,
    scaleConstants: scaleConstants(parts, element.format),
    fused: additionConstants(element),
    fusedRandomBits: parts.rule === "divide" ? undefined : randomBitsOfClamped(element.constants),
  };
}
