import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {dynamicLossScale, lossScaler} from "../../src/training/loss-scaler.js";

let kernels: Kernels;
let address: number;
beforeAll(async () => {
  kernels = await createKernels();
  address = kernels.allocate(12);
});

const gradients = () => kernels.float32(address, 3);

describe("lossScaler(kernels, scale)", () => {
  it("divides gradients by a constant scale, whatever they are", () => {
    const scaler = lossScaler(kernels, 1024);
    gradients().set([1024, -2, Number.POSITIVE_INFINITY]);
    expect(scaler.finishStep(address, 3)).toBe(true);
    expect([...gradients()]).toEqual([1, -(2 ** -9), Number.POSITIVE_INFINITY]);
    expect(scaler.scale).toBe(1024);
  });

  it("leaves gradients alone without a scale", () => {
    gradients().set([1, 2, 3]);
    expect(lossScaler(kernels, 1).finishStep(address, 3)).toBe(true);
    expect([...gradients()]).toEqual([1, 2, 3]);
  });

  it("halves a dynamic scale and leaves the step out where a gradient is not finite", () => {
    const scaler = lossScaler(kernels, "dynamic");
    expect(scaler.scale).toBe(65536);
    for (const [i, bad] of [Number.POSITIVE_INFINITY, Number.NaN, Number.NEGATIVE_INFINITY].entries()) {
      gradients().set([1, bad, 1]);
      expect(scaler.finishStep(address, 3)).toBe(false);
      expect(scaler.scale).toBe(65536 / 2 ** (i + 1));
    }
    expect(scaler.skippedSteps).toBe(3);
    gradients().set([8192, 3.4e38, 0]);
    expect(scaler.finishStep(address, 3)).toBe(true);
    expect([...gradients()]).toEqual([1, Math.fround(3.4e38) / 8192, 0]);
  });

  it("doubles a dynamic scale after 2000 finite steps on end", () => {
    const scaler = lossScaler(kernels, "dynamic");
    const finite = (steps: number) => {
      for (let i = 0; i < steps; i++) {
        gradients().set([1, 1, 1]);
        scaler.finishStep(address, 3);
      }
    };
    finite(dynamicLossScale.growthInterval - 1);
    gradients().set([Number.NaN, 0, 0]);
    scaler.finishStep(address, 3);
    finite(dynamicLossScale.growthInterval - 1);
    expect(scaler.scale).toBe(32768);
    finite(1);
    expect(scaler.scale).toBe(65536);
  });
});
