import {nearestName, usageError} from "../errors.js";
import {chinchilla} from "./chinchilla.js";
import {effectiveBothTied, effectiveBothUntied, effectiveTokens} from "./effective-tokens.js";
import {floatingPoint} from "./floating-point.js";
import {floatingPointBits} from "./floating-point-bits.js";
import {floatingPointFree} from "./floating-point-free.js";
import {floatingPointTensor} from "./floating-point-tensor.js";
import {growingCost} from "./growing-cost.js";
import {kaplan, kaplanParameters, kaplanTokens} from "./kaplan.js";
import type {Law} from "./law.js";
import {postTraining} from "./post-training.js";
import {additivePower, multiplicativePower} from "./power-of-bits.js";
import {precision} from "./precision.js";
import {precisionWeights} from "./precision-weights.js";
import {precisionWithGradients} from "./precision-with-gradients.js";
import {precisionWithoutOffsets} from "./precision-without-offsets.js";
import {quantizationAware} from "./quantization-aware.js";
import {unified} from "./unified.js";

/** All laws, in the order of lists: a law is one file and one line here. */
export const allLaws: readonly Law[] = [
  chinchilla,
  kaplan,
  kaplanParameters,
  kaplanTokens,
  precision,
  precisionWithoutOffsets,
  precisionWeights,
  postTraining,
  unified,
  floatingPoint,
  floatingPointTensor,
  floatingPointBits,
  quantizationAware,
  additivePower,
  multiplicativePower,
  effectiveTokens,
  effectiveBothTied,
  effectiveBothUntied,
  precisionWithGradients,
  growingCost,
  floatingPointFree,
];

export const laws: Readonly<Record<string, Law>> = Object.fromEntries(allLaws.map((law) => [law.name, law]));

export const lawNames: readonly string[] = Object.keys(laws);

/** @throws a usage error that names the nearest law */
export function lawOf(name: string): Law {
  if (Object.hasOwn(laws, name)) return laws[name];
  const near = nearestName(name, lawNames);
  throw usageError(
    `no law "${name}"${near ? `; did you mean ${near}?` : ""} (one of ${lawNames.join(", ")})`,
  );
}
