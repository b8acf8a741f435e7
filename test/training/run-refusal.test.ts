import {expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {corpusOfSize} from "../../src/training/corpora/corpus-of-size.js";
import {createRun} from "../../src/training/run.js";
import {runRefusal} from "../../src/training/run-refusal.js";
import {settingsForm} from "../../src/training/settings-form.js";

const kernels = await createKernels();
const hadamard = {forwardActivation: "mxfp8 hadamard", forwardWeight: "mxfp8 hadamard"};
const unread = {kind: "unread", vocabularySize: 27} as const;

const settingsOf = (texts: Record<string, string>) => {
  const {settings, errors} = settingsForm(() => "").check({layers: "1", ...texts});
  expect(errors).toEqual({});
  return settings!;
};

it.each([
  [{recipe: "mxfp4", forwardUnit: "h100-wgmma"}, "forwardUnit"],
  [{context: "15", batch: "1", recipe: "nvfp4"}, "recipe"],
  [{weightGradientGradient: "mxfp8 hadamard"}, "weightGradientGradient"],
  [{heads: "8", query: "mxfp8 hadamard"}, "query"],
  [{layerRecipes: "block 3=fp8"}, "layerRecipes"],
  [{forwardUnit: "a100-mma", layerRecipes: "first=mxfp4"}, undefined],
  [{width: "8192", layers: "64"}, undefined],
  [{...hadamard, postTraining: "int4 row"}, "postTraining"],
] as const)(
  "runRefusal(%j) is what the run itself says, and names the setting to change",
  async (texts, key) => {
    const settings = settingsOf(texts);
    let said = "";
    try {
      createRun(settings, kernels, corpusOfSize("markov", 27));
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).not.toBe("");
    expect(await runRefusal({settings, corpus: unread}, kernels)).toEqual({key, message: said});
  },
);

it("runRefusal(question) refuses nothing that can begin, and takes no memory for it", async () => {
  const begin = kernels.memory.buffer.byteLength;
  const settings = settingsOf({width: "1024", layers: "8", recipe: "nvfp4"});
  expect(await runRefusal({settings, corpus: unread}, kernels)).toBeUndefined();
  expect(kernels.memory.buffer.byteLength).toBe(begin);
});

it("runRefusal(question) reads a text of the reader, which can be too short", async () => {
  const corpus = {kind: "given", name: "pasted.txt", bytes: new TextEncoder().encode("to be")} as const;
  const {key, message} = (await runRefusal({settings: settingsOf({}), corpus}, kernels))!;
  expect(key).toBeUndefined();
  expect(message).toMatch(/^corpus pasted\.txt is too short for context/);
});
