import {describe, expect, it} from "vitest";
import {geluFactors, unit} from "../../src/schemes/unit.js";

const normalDensity = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
/** ∫ f(z) φ(z) dz by the trapezoidal rule, which converges exponentially for such integrands. */
const gaussianMean = (f: (z: number) => number) => {
  const step = 2 ** -8;
  let sum = 0;
  for (let z = -14; z <= 14; z += step) sum += f(z) * normalDensity(z) * step;
  return sum;
};
/** Φ(z) as the integral of its density from 0. */
const normalDistribution = (z: number) => {
  const n = 2000;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += normalDensity((z * (i + 0.5)) / n);
  return 0.5 + (sum * z) / n;
};

describe("unit scaling", () => {
  it("uses the ideal factors of GELU, 1/σ of the output and 1/rms of the derivative", () => {
    const gelu = (z: number) => z * normalDistribution(z);
    const derivative = (z: number) => normalDistribution(z) + z * normalDensity(z);
    const mean = gaussianMean(gelu);
    const variance = gaussianMean((z) => gelu(z) ** 2) - mean ** 2;
    expect(1 / Math.sqrt(variance)).toBeCloseTo(geluFactors.output, 6);
    expect(1 / Math.sqrt(gaussianMean((z) => derivative(z) ** 2))).toBeCloseTo(geluFactors.inputGradient, 6);
  });

  it("prints the factors of the paper's table for GELU, 1.701 and 1.481", () => {
    expect(geluFactors.output).toBeCloseTo(1.701, 3);
    expect(geluFactors.inputGradient).toBeCloseTo(1.481, 3);
  });

  it("constrains the input gradient of every linear layer except the head, whose input is a cut-edge", () => {
    const shape = {layers: 2, width: 64, heads: 4, context: 32, batch: 8, vocabulary: 27};
    const scheme = unit(0.2);
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
    const {skip, branch} = unit(0.3).residual({} as never);
    expect(skip ** 2 + branch ** 2).toBeCloseTo(1, 12);
  });
});
