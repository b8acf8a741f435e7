import type {RunSettings} from "../src/training/run-settings.js";
import {isCastKey, isUnitKey} from "./lab-fields.js";

/** What decides how long a run takes. */
export interface TimedRun {
  readonly settings: RunSettings;
  readonly parameters: number;
}

/**
 * Seconds of each kind of work on one core of a rented server. Fitted to the steps of 45 settings, timed in November 2026:
 * one to four layers of width 16 to 192, 64 to 1024 tokens a step, ten recipes, simulated tensor cores and probes. All but
 * two lie within a factor of 1.5, and those were disturbed while they were timed.
 */
const seconds = {
  /** Of an operation of the matrix products. */
  operation: 1 / 20e9,
  /** Of a value of the residual stream in a layer: norms, activation, softmax, forward and backward. */
  value: 45e-9,
  /** Of a layer, however small, and of the embedding with the head. */
  layer: 25e-6,
  /** Of an operation in a product whose sums are simulated. */
  simulated: 0.15e-9,
  /** Of a value that is rounded, and of all casts of a layer, however small; a scale for each block doubles it. */
  cast: {value: 2e-9, layer: 40e-6},
  blockCast: {value: 3.2e-9, layer: 80e-6},
  /** Of a value that is probed, and of all probes of a layer, however small. */
  probe: {value: 5e-9, layer: 0.7e-3},
} as const;

/** Operands of a layer's products, in values of the residual stream: those of attention and of a hidden width of four. */
const operandsInLayer = 20;

/** A forward pass in proportion to a step. */
const forwardShare = 0.4;

/**
 * Floating-point operations of a step: six for each weight and token (Kaplan et al. 2020, arXiv:2001.08361), and those of
 * attention.
 */
function stepOperations({settings: {layers, width, context, batch}, parameters}: TimedRun): number {
  return (6 * parameters + 12 * layers * width * context) * batch * context;
}

/** How long a run takes on the server that the constants are of: its steps, measurements and probes, not what comes after. */
export function runSeconds(run: TimedRun): number {
  const {steps, evaluateEvery, evaluationBatches, probeEvery} = run.settings;
  const step = stepSeconds(run);
  const measurements = evaluateEvery > 0 ? Math.ceil(steps / evaluateEvery) : 1;
  const probes = probeEvery > 0 ? Math.floor(steps / probeEvery) + 1 : 0;
  return (steps + forwardShare * measurements * evaluationBatches) * step + probes * probeSeconds(run);
}

function stepSeconds(run: TimedRun): number {
  const {settings} = run;
  const {layer, value, operation, simulated} = seconds;
  const operations = stepOperations(run);
  const cast = castOf(settings);
  return (
    operations * operation +
    residualValues(settings) * value +
    parts(settings) * (layer + cast.layer) +
    (operandsInLayer * residualValues(settings) + 2 * run.parameters) * cast.value +
    simulatedProducts(settings) * (operations / 3) * simulated
  );
}

const probeSeconds = ({settings}: TimedRun): number =>
  parts(settings) * seconds.probe.layer + operandsInLayer * residualValues(settings) * seconds.probe.value;

/** Layers, and the embedding with the head. */
const parts = ({layers}: RunSettings): number => layers + 1;

const residualValues = ({layers, width, context, batch}: RunSettings): number =>
  layers * width * context * batch;

function castOf(settings: RunSettings): {readonly value: number; readonly layer: number} {
  const isOther = (key: string, value: unknown) => isCastKey(key) && value !== "recipe" && value !== "fp32";
  const isRounding =
    settings.recipe !== "fp32" || Object.entries(settings).some(([key, value]) => isOther(key, value));
  if (!isRounding) return {value: 0, layer: 0};
  return /^(mx|nv|deepseek)/.test(settings.recipe) ? seconds.blockCast : seconds.cast;
}

/** How many of the three products of a layer have a matrix unit that is simulated. */
const simulatedProducts = (settings: RunSettings): number =>
  Object.entries(settings).filter(
    ([key, value]) => isUnitKey(key) && !["recipe", "exact float32"].includes(String(value)),
  ).length;
