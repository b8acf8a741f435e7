import {describe, expect, it} from "vitest";
import {gptParts} from "../../src/nn/model-shape.js";
import {activationFactors} from "../../src/schemes/activation-factors.js";
import {residualScale} from "../../src/schemes/residual-rule.js";
import {unit} from "../../src/schemes/unit.js";
import {functions, gaussianMean} from "./gaussian-mean.js";

describe("unit scaling", () => {
  it.each(["gelu", "silu"] as const)(
    "uses the ideal factors of %s, 1/σ of the output and 1/rms of the derivative",
    (name) => {
      const [f, derivative] = functions[name];
      const {output, inputGradient} = activationFactors[name];
      const mean = gaussianMean(f);
      const variance = gaussianMean((z) => f(z) ** 2) - mean ** 2;
      expect(1 / Math.sqrt(variance)).toBeCloseTo(output, 6);
      expect(1 / Math.sqrt(gaussianMean((z) => derivative(z) ** 2))).toBeCloseTo(inputGradient, 6);
    },
  );

  it("uses for SwiGLU 1/σ of its output for two unit normals, and of its gradient, taken over both", () => {
    const [silu, derivative] = functions.silu;
    const square = gaussianMean((z) => silu(z) ** 2);
    const slopeSquare = gaussianMean((z) => derivative(z) ** 2);
    expect(activationFactors.swiglu.output).toBeCloseTo(1 / Math.sqrt(square), 6);
    expect(activationFactors.swiglu.inputGradient).toBeCloseTo(Math.sqrt(2 / (square + slopeSquare)), 6);
  });

  it("prints the factors of the paper's table for GELU and ReLU", () => {
    expect(activationFactors.gelu.output).toBeCloseTo(1.701, 3);
    expect(activationFactors.gelu.inputGradient).toBeCloseTo(1.481, 3);
    expect(activationFactors.relu.output).toBeCloseTo(1.713, 3);
    expect(activationFactors.relu.inputGradient).toBe(Math.SQRT2);
  });

  it("constrains the input gradient of every linear layer except the head, whose input is a cut-edge", () => {
    const shape = {
      layers: 2,
      width: 64,
      heads: 4,
      context: 32,
      batch: 8,
      vocabulary: 27,
      ...gptParts,
    };
    const scheme = unit({residual: "fixed", residualWeight: 0.2, constraint: "geometric-mean"});
    for (const role of ["qkv", "attention output", "mlp up", "mlp down"] as const) {
      const {output, inputGradient} = scheme.linear(role, {fanIn: 64, fanOut: 192}, shape);
      expect(inputGradient).toBe(output);
      expect(output).toBeCloseTo((64 * 192) ** -0.25, 12);
    }
    const head = scheme.linear("head", {fanIn: 64, fanOut: 27}, shape);
    expect(head.output).toBeCloseTo(64 ** -0.5, 12);
    expect(head.inputGradient).toBeCloseTo(27 ** -0.5, 12);
  });

  it("adds skip and branch with weights whose squares sum to 1", () => {
    for (const rule of ["fixed", "running-mean"] as const) {
      for (const index of [1, 2, 7]) {
        const {skip, branch} = unit({
          residual: rule,
          residualWeight: 0.3,
          constraint: "geometric-mean",
        }).residual({} as never, index);
        expect(skip ** 2 + branch ** 2).toBeCloseTo(1, 12);
      }
    }
  });
});

describe("residualScale(rule, residualWeight, branch)", () => {
  it("gives every branch the same share of the stream under the running mean", () => {
    let shares = [1];
    for (let branch = 1; branch <= 5; branch++) {
      const scale = residualScale("running-mean", 0.5, branch);
      shares = [...shares.map((share) => share * scale.skip), scale.branch];
    }
    for (const share of shares) expect(share).toBeCloseTo(Math.sqrt(1 / 6), 12);
  });
});
