import {expect, it} from "vitest";
import {runCost, vocabularySize} from "../../src/sweeps/run-cost.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {sampleSettings} from "./sample.js";

const settings = sampleSettings({steps: 10, batch: 2, context: 8, evaluationBatches: 3});

it("runCost(settings) counts 6 operations for each parameter and trained token, 2 for each held-out one", () => {
  const {parameters, tokens, operations} = runCost(settings, 27);
  expect(tokens).toBe(160);
  expect(operations).toBe(parameters * (6 * 160 + 2 * 3 * 16));
  const often = runCost({...settings, evaluateEvery: 4}, 27); // after 4, 8 and 10 steps
  expect(often.operations).toBe(parameters * (6 * 160 + 3 * 2 * 3 * 16));
  const quantized = runCost({...settings, postTraining: "int2..int4 row"}, 27); // and three times more at the end
  expect(quantized.operations).toBe(parameters * (6 * 160 + 4 * 2 * 3 * 16));
});

it("vocabularySize(settings) knows bytes and generated languages", () => {
  const declarations = readDeclarations();
  expect(vocabularySize({corpus: "markov", vocabulary: "character"}, declarations)).toBe(27);
  expect(vocabularySize({corpus: "shakespeare", vocabulary: "character"}, declarations)).toBe(65);
  expect(vocabularySize({corpus: "shakespeare", vocabulary: "byte"}, declarations)).toBe(256);
});
