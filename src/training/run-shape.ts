import type {ModelShape} from "../nn/model-shape.js";
import type {Scheme} from "../nn/scheme.js";
import {schemeOf} from "../schemes/index.js";
import type {RunSettings} from "./run-settings.js";

/** The model that settings ask for, over a vocabulary of given size. */
export function runShape(
  settings: RunSettings,
  vocabulary: number,
  scheme: Scheme = schemeOf(settings),
): ModelShape {
  const {layers, width, heads, context, batch, sequenceLayer, kernelSize, groups} = settings;
  const {activation, norm, normPlacement, tiedHead} = settings;
  const {attentionLogits, softmax, queryKeyNorm, positions} = settings;
  return {
    ...{layers, width, heads, context, batch, vocabulary, sequenceLayer, kernelSize, groups},
    ...{activation, norm, tiedHead, attentionLogits, softmax, queryKeyNorm, positions},
    normPlacement: normPlacement === "default" ? scheme.normPlacement : normPlacement,
  };
}
