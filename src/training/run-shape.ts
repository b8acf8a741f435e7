import {gptParts, type ModelShape} from "../nn/model-shape.js";
import type {Scheme} from "../nn/scheme.js";
import {schemeOf} from "../schemes/index.js";
import type {RunSettings} from "./run-settings.js";

/** The model that settings ask for, over a vocabulary of given size. */
export function runShape(
  settings: RunSettings,
  vocabulary: number,
  scheme: Scheme = schemeOf(settings),
): ModelShape {
  const {layers, width, heads, context, batch, activation, norm, normPlacement} = settings;
  const {attentionLogits, softmax, queryKeyNorm, positions} = settings;
  const placed = normPlacement === "default" ? scheme.normPlacement : normPlacement;
  return {
    ...gptParts,
    layers,
    width,
    heads,
    context,
    batch,
    vocabulary,
    activation,
    norm,
    normPlacement: placed,
    ...{attentionLogits, softmax, queryKeyNorm, positions},
  };
}
