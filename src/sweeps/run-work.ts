import {countParameters} from "../nn/model-shape.js";
import type {RunSettings} from "../training/run-settings.js";
import {runShape} from "../training/run-shape.js";

/** Multiplications of a run in proportion: tokens times parameters (Kaplan et al. 2020, section 2.1). */
export function runWork(settings: RunSettings): number {
  const vocabulary = settings.vocabulary === "byte" ? 256 : 64;
  return settings.steps * settings.batch * settings.context * countParameters(runShape(settings, vocabulary));
}
