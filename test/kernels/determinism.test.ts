import {expect, test} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {fingerprint} from "./fingerprint.js";

// Changed bits change every run: a new hash here is right only together with a reason why the kernel computes something
// else than before.
test("kernels compute the bits on record, on any machine", async () => {
  expect(fingerprint(await createKernels())).toEqual({
    random: "dcb6e13973f37f7a",
    gemm: "ecb7b54acc6c3b94",
    attention: "622daadf2265db6c",
    layerNorm: "f7fcfb8a64f64576",
    gelu: "31e426ca5f019874",
    crossEntropy: "a8abe9c59c418a95",
    adamw: "8bd972219b9e2266",
    embedding: "9b46ca0f41aa011c",
    statistics: "98253d128beeb53d",
    scalarMath: "6b3b181d28129a16",
    swiglu: "fbab6652cd741342",
    rmsNorm: "c0e1d43f2240ed71",
    convolution: "9ac2b195bdee0085",
    highway: "dd84970c8bac618b",
    plainActivations: "ba7bbe116f555d5d",
  });
});

test("kernels compute the same bits again", async () => {
  const kernels = await createKernels();
  expect(fingerprint(kernels)).toEqual(fingerprint(kernels));
});
