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
});
