import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {recipeNames} from "../../src/recipes/index.js";
import {schemeNames} from "../../src/schemes/index.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import type {RunRecord} from "../../src/training/run-record.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {trainRun} from "../../src/training/train-run.js";

const parse = settingsParser({schemes: schemeNames, recipes: recipeNames, corpusChecksum: () => ""});
const small = {layers: 2, width: 32, heads: 2, context: 32, batch: 8, steps: 300, learningRate: 0.008};

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const train = (changes: Partial<RunSettings> = {}): Promise<RunRecord> =>
  trainRun(
    parse({...small, evaluationBatches: 2, ...changes}),
    kernels,
    markovCorpus(readDeclarations().get("markov") as MarkovDeclaration, kernels),
  );

const losses = ({postTraining}: RunRecord) => postTraining.map(({heldOutLoss}) => heldOutLoss);

describe("postTraining", () => {
  it("changes nothing of the run itself", async () => {
    const settings = {recipe: "fp8-delayed", probe: true};
    const {postTraining: none, ...plain} = await train(settings);
    const {postTraining, ...quantized} = await train({...settings, postTraining: "int2..int3 row"});
    const own = ({id: _, settings: __, timing: ___, ...rest}: Omit<RunRecord, "postTraining">) => rest;
    expect(none).toEqual([]);
    expect(postTraining).toHaveLength(2);
    expect(own(quantized)).toEqual(own(plain));
  });

  it("costs nothing at sixteen bits, and the more the fewer there are", async () => {
    const record = await train({postTraining: "int16 row; int8 row; int4 row; int3 row; int2 row"});
    const [sixteen, eight, four, three, two] = losses(record);
    expect(Math.abs(sixteen - record.finalHeldOutLoss!)).toBeLessThan(1e-5);
    expect(Math.abs(eight - record.finalHeldOutLoss!)).toBeLessThan(0.002);
    expect(four).toBeGreaterThan(eight);
    expect(three).toBeGreaterThan(four);
    expect(two).toBeGreaterThan(three);
    expect(record.postTraining.map(({cast, method}) => `${method} ${cast}`)).toEqual([
      "nearest int16 row",
      "nearest int8 row",
      "nearest int4 row",
      "nearest int3 row",
      "nearest int2 row",
    ]);
  });

  it("costs less by GPTQ where rounding to nearest costs much", async () => {
    const [three, two, threeByGptq, twoByGptq] = losses(
      await train({postTraining: "int3 row; int2 row; gptq int3 row; gptq int2 row"}),
    );
    expect(threeByGptq).toBeLessThan(three);
    expect(twoByGptq).toBeLessThan(two);
  });

  it("gives each item the same, whatever stands before it, and again", async () => {
    const settings = {steps: 20, scheme: "unit", learningRate: 0.1};
    const both = losses(await train({...settings, postTraining: "gptq int2 row; int3 row; gptq int3 row"}));
    const alone = await Promise.all(
      ["gptq int2 row", "int3 row", "gptq int3 row"].map((postTraining) =>
        train({...settings, postTraining}),
      ),
    );
    expect(alone.flatMap(losses)).toEqual(both);
  });

  it.each(["int4", "mxfp4", "nvfp4"])(
    "costs nothing in the format of training, by either method: %s",
    async (recipe) => {
      const cast = recipe === "int4" ? "int4 row" : recipe;
      const forwardWeight = cast; // without the Hadamard transforms of a recipe
      const record = await train({
        ...{recipe, forwardWeight, steps: 40},
        postTraining: `${cast}; gptq ${cast}; int2 row`,
      });
      const [nearest, gptq, two] = losses(record).map((loss) => loss - record.finalHeldOutLoss!);
      expect(Math.abs(nearest)).toBeLessThan(1e-6);
      expect(Math.abs(gptq)).toBeLessThan(1e-6);
      expect(Math.abs(two)).toBeGreaterThan(1e-3);
    },
  );

  it.each<Partial<RunSettings>>([
    {sequenceLayer: "convolution", groups: 4, kernelSize: 3},
    {sequenceLayer: "recurrent"},
    {positions: "relative", activation: "swiglu", tiedHead: true},
    {recipe: "fp8-delayed", forwardUnit: "h100-wgmma", masterWeights: "bf16 stochastic"},
    {forwardWeight: "int8 row stochastic", layers: 1},
  ])("measures models of every kind: %o", async (changes) => {
    const record = await train({
      ...changes,
      steps: 30,
      postTraining: "gptq int8 row; gptq int2 row; int2 row",
    });
    const [eight, ...two] = losses(record).map((loss) => loss - record.finalHeldOutLoss!);
    expect(Math.abs(eight)).toBeLessThan(0.01);
    for (const loss of two) expect(Math.abs(loss)).toBeGreaterThan(0.001);
  });

  it("is refused before training where the forward pass mixes the weights", async () => {
    const settings = {forwardWeight: "mxfp4 hadamard", forwardActivation: "mxfp4 hadamard"};
    await expect(train({...settings, postTraining: "int4 row"})).rejects.toThrow(
      'postTraining: block 1 qkv multiplies by mixed weights, "mxfp4 hadamard": it needs a recipe without hadamard in the forward pass',
    );
  });
});
