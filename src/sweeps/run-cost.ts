import {countParameters} from "../nn/model-shape.js";
import {type CorpusDeclaration, readDeclarations} from "../training/corpora/declarations.js";
import {parsePostTraining} from "../training/parse-post-training.js";
import type {RunSettings} from "../training/run-settings.js";
import {runShape} from "../training/run-shape.js";

/** What a run will compute, as far as its settings tell. */
export interface RunCost {
  readonly parameters: number;
  /** Tokens that it trains on. */
  readonly tokens: number;
  /**
   * Floating-point operations: 6 for each parameter and trained token (Kaplan et al. 2020, section 2.1) and 2 for each
   * parameter and token of a held-out measurement, also of those after quantization. Attention, casts, probes and what
   * GPTQ computes are not counted.
   */
  readonly operations: number;
}

/** Distinct characters: 26 letters and the space in a generated language; of other texts a usual number. */
const characters = {generated: 27, text: 65} as const;

/** Tokens that the settings' model knows. Texts are not read for it, so for characters of a text it is an estimate. */
export function vocabularySize(
  {corpus, vocabulary}: Pick<RunSettings, "corpus" | "vocabulary">,
  declarations: ReadonlyMap<string, CorpusDeclaration> = readDeclarations(),
): number {
  if (vocabulary === "byte") return 256;
  return declarations.get(corpus)?.kind === "markov" ? characters.generated : characters.text;
}

/** @param vocabulary tokens that the model knows */
export function runCost(settings: RunSettings, vocabulary: number): RunCost {
  const {steps, batch, context, evaluateEvery, evaluationBatches, postTraining} = settings;
  const parameters = countParameters(runShape(settings, vocabulary));
  const duringTraining = evaluateEvery > 0 ? Math.ceil(steps / evaluateEvery) : 1;
  const measurements = duringTraining + parsePostTraining(postTraining).length;
  const tokens = steps * batch * context;
  const heldOutTokens = measurements * evaluationBatches * batch * context;
  return {parameters, tokens, operations: parameters * (6 * tokens + 2 * heldOutTokens)};
}
