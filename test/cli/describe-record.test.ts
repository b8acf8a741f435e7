import {describe, expect, it} from "vitest";
import {describeRecord} from "../../src/cli/describe-record.js";
import type {RunRecord} from "../../src/training/run-record.js";
import {sampleRecord} from "../sweeps/sample.js";

const row = (name: string, changes: Partial<RunRecord> = {}) =>
  describeRecord({...sampleRecord(), ...changes})
    .split("\n")
    .find((line) => line.startsWith(name))
    ?.replace(/ {2,}/, ": ");

describe("describeRecord(record)", () => {
  it("says how much memory the run took, and for what", () => {
    const mebibyte = 2 ** 20;
    const memory = {
      weights: mebibyte,
      gradients: mebibyte,
      optimizer: 2 * mebibyte,
      activations: 20 * mebibyte,
    };
    expect(row("memory", {memory: {...memory, probes: 0}})).toBe(
      "memory: 24 MiB (weights 1.0 MiB, gradients 1.0 MiB, optimizer 2.0 MiB, activations 20 MiB)",
    );
  });

  it("says when and why a run diverged, in place of its losses", () => {
    const diverged = {step: 7, reason: "a weight is not a finite number"};
    const changes = {diverged, finalTrainingLoss: null};
    expect(row("diverged", changes)).toBe("diverged: step 7: a weight is not a finite number");
    expect(row("training loss", changes)).toBe("training loss: none: the run diverged");
  });

  it("tells what quantization after training makes of the loss", () => {
    const postTraining = [
      {cast: "int4 row", method: "nearest", heldOutLoss: 1.5},
      {cast: "int8 row", method: "gptq", heldOutLoss: 1.2499},
    ] as const;
    const bits = (nats: number) => (nats / Math.LN2).toFixed(4);
    expect(row("held-out, int4 row", {postTraining})).toBe(
      `held-out, int4 row: 1.5000 nats, ${bits(1.5)} bits per character (+0.2500 nats)`,
    );
    expect(row("held-out, gptq int8 row", {postTraining})).toBe(
      `held-out, gptq int8 row: 1.2499 nats, ${bits(1.2499)} bits per character (−0.0001 nats)`,
    );
    const nothing = [{cast: "int16 row", method: "nearest", heldOutLoss: 1.25 - 1e-7}] as const;
    expect(row("held-out, int16 row", {postTraining: nothing})).toContain("(+0.0000 nats)");
    expect(row("held-out,", {postTraining: []})).toBeUndefined();
  });

  it("tells of the loss scale where there is one", () => {
    expect(row("loss scale", {lossScaling: {scale: 1, skippedSteps: 0}})).toBeUndefined();
    expect(row("loss scale", {lossScaling: {scale: 32768, skippedSteps: 2}})).toBe(
      "loss scale: 32 768 at the end; 2 steps left out for it",
    );
  });

  it("tells of the ratio of gradient to noise where it was probed, and whether it fell below √3", () => {
    const at = (step: number, ratio: number) => ({step, ratio});
    const text = (...gradientToNoise: {step: number; ratio: number}[]) =>
      row("gradient to noise", {gradientToNoise});
    expect(text()).toBeUndefined();
    expect(text(at(0, 12.34))).toBe("gradient to noise: 12.3: never below √3");
    expect(text(at(0, 12), at(50, 1.7), at(100, 1.5))).toBe(
      "gradient to noise: 12.0 at step 0, 1.50 at step 100: below √3 at step 50",
    );
  });
});
