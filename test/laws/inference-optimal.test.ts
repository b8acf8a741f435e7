import {describe, expect, it} from "vitest";
import {criticalTokensAfterTraining} from "../../src/laws/critical-tokens.js";
import {lawOf} from "../../src/laws/index.js";
import {inferenceOptimal} from "../../src/laws/inference-optimal.js";
import {constantsOf} from "../../src/laws/law.js";
import {bitsOfMostParameters, precisionShare, weights} from "../../src/laws/precision.js";

describe("inferenceOptimal(law, constants, {cost})", () => {
  const law = lawOf("post-training");
  const {values} = law.published[0];
  const constants = constantsOf(law, values);
  const found = [1e9, 1e10, 1e11, 1e12, 1e13].map((cost) => inferenceOptimal(law, constants, {cost}));

  it("trains on as many tokens as help the rounded model", () => {
    for (const {parameters, tokens, bits} of found) {
      const critical = criticalTokensAfterTraining(values, {parameters, postTrainingBits: bits});
      expect(tokens / critical).toBeCloseTo(1, 4);
    }
  });

  it("spends N·P, with N and D growing as powers of it and P as its logarithm", () => {
    const steps = (value: (at: (typeof found)[number]) => number) =>
      found.slice(1).map((at, i) => value(at) - value(found[i]));
    found.forEach(({parameters, bits}, i) => {
      expect((parameters * bits) / 10 ** (9 + i)).toBeCloseTo(1, 10);
    });
    for (const grown of steps(({bits}) => bits)) expect(Math.abs(grown - 1)).toBeLessThan(0.05);
    for (const grown of steps(({parameters}) => Math.log10(parameters))) {
      expect(Math.abs(grown - 0.945)).toBeLessThan(0.02);
    }
    for (const grown of steps(({tokens}) => Math.log10(tokens))) {
      expect(Math.abs(grown - 1.06)).toBeLessThan(0.03);
    }
  });

  it("with tokens given and nothing rounded afterwards, takes the bits that leave the most parameters", () => {
    const training = lawOf("precision-weights");
    const ofTraining = constantsOf(training, training.published[0].values);
    const {bits, tokens} = inferenceOptimal(training, ofTraining, {cost: 1e9, tokens: 1e10});
    expect(tokens).toBeCloseTo(1e10, 0);
    expect(bits).toBeCloseTo(
      bitsOfMostParameters((bits) => precisionShare([weights], true, ofTraining, bits)),
      4,
    );
  });
});
