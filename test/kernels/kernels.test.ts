import {beforeAll, describe, expect, test} from "vitest";
import {wasmBase64} from "../../src/kernels/generated.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

describe("createKernels()", () => {
  test("needs nothing but a memory", async () => {
    const module = await WebAssembly.compile(Buffer.from(wasmBase64, "base64"));
    expect(WebAssembly.Module.imports(module)).toEqual([{module: "env", name: "memory", kind: "memory"}]);
  });

  test("gives every caller a memory of its own", async () => {
    const other = await createKernels();
    const [mine, its] = [kernels.allocate(4), other.allocate(4)];
    kernels.fill(mine, 1, 1);
    other.fill(its, 2, 1);
    expect([kernels.float32(mine, 1)[0], other.float32(its, 1)[0]]).toEqual([1, 2]);
  });

  test("starts with as many pages as asked for", async () => {
    const {memory} = await createKernels({initialPages: 300});
    expect(memory.buffer.byteLength).toBe(300 * 65536);
  });
});

describe("allocate(bytes)", () => {
  test("gives separate addresses aligned to 64 bytes", () => {
    const addresses = [1, 64, 65, 0, 7].map((bytes) => kernels.allocate(bytes));
    expect(addresses.every((address) => address % 64 === 0)).toBe(true);
    expect(addresses.map((address) => address - addresses[0])).toEqual([0, 64, 128, 256, 256]);
  });

  test("takes back everything since a mark", () => {
    const mark = kernels.mark();
    const first = kernels.allocate(1000);
    kernels.allocate(1000);
    kernels.release(mark);
    expect(kernels.allocate(10)).toBe(first);
  });

  test("grows the memory and keeps what it holds", async () => {
    const {allocate, float32, fill, memory} = await createKernels();
    const small = allocate(40);
    fill(small, 3, 10);
    const before = memory.buffer.byteLength;
    const large = allocate(before);
    fill(large, 4, before / 4);
    expect(memory.buffer.byteLength).toBeGreaterThan(before);
    expect(float32(small, 10).every((value) => value === 3)).toBe(true);
    expect(float32(large, before / 4).every((value) => value === 4)).toBe(true);
  });

  test("refuses what does not fit into 4 GiB in one line that says how much was needed", async () => {
    const {allocate, mark, memory} = await createKernels();
    const before = [mark(), memory.buffer.byteLength];
    expect(() => allocate(2 ** 32)).toThrow(/^the run needs 4\d\d\d MiB of memory; 4096 MiB is the limit$/);
    expect([mark(), memory.buffer.byteLength]).toEqual(before);
  });
});
