import {describe, expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {memoryText, reserveMemory} from "../../src/training/memory-plan.js";

const mebibyte = 2 ** 20;
const plan = (sizes: Partial<Parameters<typeof memoryText>[0]>) => ({
  ...{weights: 0, gradients: 0, optimizer: 0, activations: 0, probes: 0},
  ...sizes,
});
const unlimited = Number.POSITIVE_INFINITY;

describe("reserveMemory(kernels, plan, limit)", () => {
  it("grows the memory at once to what is planned", async () => {
    const kernels = await createKernels();
    reserveMemory(kernels, plan({weights: 20 * mebibyte, activations: 30 * mebibyte}), 50 * mebibyte);
    const {buffer} = kernels.memory;
    expect(buffer.byteLength).toBeGreaterThanOrEqual(50 * mebibyte);
    kernels.allocate(20 * mebibyte);
    kernels.allocate(30 * mebibyte);
    expect(kernels.memory.buffer).toBe(buffer);
  });

  it("refuses what 32-bit addresses do not reach, with all sizes and what to lower", async () => {
    const kernels = await createKernels();
    const sizes = {weights: 1024 * mebibyte, gradients: 1024 * mebibyte, optimizer: 2048 * mebibyte};
    expect(() => reserveMemory(kernels, plan({...sizes, activations: 10 * mebibyte}), unlimited)).toThrow(
      "the memory does not suffice for " +
        "4106 MiB (weights 1024 MiB, gradients 1024 MiB, optimizer 2048 MiB, activations 10 MiB); a WASM memory has 4096 MiB at most: lower width or layers",
    );
    expect(() => reserveMemory(kernels, plan({activations: 2 ** 44, weights: mebibyte}), unlimited)).toThrow(
      "the memory does not suffice for 16384 GiB (activations 16384 GiB); a WASM memory has 4096 MiB at most: lower batch, context, width or layers",
    );
  });

  it("refuses what the machine does not have, and what it does not give", () => {
    const refusing = {mark: () => 0, reserve: () => false};
    const needed = plan({weights: 2.5 * mebibyte});
    expect(() => reserveMemory(refusing, needed, mebibyte)).toThrow("this machine has 1.0 MiB: lower width");
    expect(() => reserveMemory(refusing, needed, unlimited)).toThrow("2.5 MiB (weights 2.5 MiB)");
    expect(() => reserveMemory(refusing, needed, unlimited)).toThrow(
      "this machine does not give so much: lower width or layers",
    );
  });
});

describe("memoryText(plan)", () => {
  it("leaves out what is nothing beside the rest", () => {
    const sizes = {weights: 3 * mebibyte, activations: 12 * mebibyte, probes: 500};
    expect(memoryText(plan(sizes))).toBe("15 MiB (weights 3.0 MiB, activations 12 MiB)");
  });
});
