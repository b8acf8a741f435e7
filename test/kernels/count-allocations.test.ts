import {beforeAll, describe, expect, it} from "vitest";
import {countAllocations} from "../../src/kernels/count-allocations.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

describe("countAllocations(kernels, layOut)", () => {
  it("counts what allocations take, beyond any memory, and allocates nothing", () => {
    const layOut = (counting: Kernels) => {
      const start = counting.mark();
      for (const bytes of [1, 64, 65, 0, 2 ** 40]) counting.allocate(bytes);
      return counting.mark() - start;
    };
    const before = kernels.mark();
    expect(countAllocations(kernels, layOut)).toBe(64 + 64 + 128 + 2 ** 40);
    expect(kernels.mark()).toBe(before);
  });

  it("counts the same as the allocations take when they are made", () => {
    const layOut = ({allocate, mark}: Kernels) => {
      const start = mark();
      for (let bytes = 0; bytes < 1000; bytes += 13) allocate(bytes);
      return mark() - start;
    };
    expect(countAllocations(kernels, layOut)).toBe(layOut(kernels));
  });

  it("leaves tensors alone and answers what does not depend on them", () => {
    const address = kernels.allocate(8);
    kernels.fill(address, 1, 2);
    countAllocations(kernels, (counting) => {
      counting.fill(address, 2, 2);
      counting.scale(address, 3, address, 2);
      counting.float32(address, 2).fill(4);
      expect(counting.cos(0.5)).toBe(kernels.cos(0.5));
      expect(counting.narrowUnitScratch(8, 8, 8, 4, 0)).toBe(kernels.narrowUnitScratch(8, 8, 8, 4, 0));
    });
    expect([...kernels.float32(address, 2)]).toEqual([1, 1]);
  });
});
